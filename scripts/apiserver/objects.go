package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields/managedfieldstest"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// restricted is what the namespaces enforce, or warn of.
var restricted = api.LevelVersion{Level: api.LevelRestricted, Version: api.MajorMinorVersion(1, 34)}

// metadataComplaints is about names, labels and annotations, of the object and of its pods.
func metadataComplaints(object *unstructured.Unstructured) []string {
	path := field.NewPath("metadata")
	var errs field.ErrorList
	for _, message := range validation.NameIsDNSSubdomain(object.GetName(), false) {
		errs = append(errs, field.Invalid(path.Child("name"), object.GetName(), message))
	}
	errs = append(errs, metav1validation.ValidateLabels(object.GetLabels(), path.Child("labels"))...)
	errs = append(errs, validation.ValidateAnnotations(object.GetAnnotations(), path.Child("annotations"))...)
	path = field.NewPath("spec", "template", "metadata", "labels")
	values, _, err := unstructured.NestedStringMap(object.Object, "spec", "template", "metadata", "labels")
	if err != nil {
		errs = append(errs, field.Invalid(path, nil, err.Error()))
	}
	errs = append(errs, metav1validation.ValidateLabels(values, path)...)
	var found []string
	for _, err := range errs {
		found = append(found, err.Error())
	}
	return found
}

// applier is who applies manifests on the server's side.
type applier struct {
	manager string
	force   bool
}

// complaints is about an apply, and about another one after `kubectl rollout undo` took over the image.
func (a applier) complaints(object *unstructured.Unstructured, kind *kind) []string {
	live := managedfieldstest.NewTestFieldManager(kind.converter, object.GroupVersionKind())
	if err := live.Apply(object.DeepCopy(), a.manager, a.force); err != nil {
		return []string{err.Error()}
	}
	if object.GetKind() != "Deployment" {
		return nil
	}
	undone, ok := live.Live().DeepCopyObject().(*unstructured.Unstructured)
	if !ok {
		return []string{"applied, but no object"}
	}
	if err := setImages(undone, "before"); err != nil {
		return []string{err.Error()}
	}
	if err := live.Update(undone, "kubectl-rollout"); err != nil {
		return []string{"after an undo: " + err.Error()}
	}
	if err := live.Apply(object.DeepCopy(), a.manager, a.force); err != nil {
		return []string{"after an undo: " + err.Error()}
	}
	return nil
}

func setImages(deployment *unstructured.Unstructured, image string) error {
	path := []string{"spec", "template", "spec", "containers"}
	containers, _, err := unstructured.NestedSlice(deployment.Object, path...)
	if err != nil {
		return err
	}
	for _, container := range containers {
		if fields, ok := container.(map[string]any); ok {
			fields["image"] = image
		}
	}
	return unstructured.SetNestedSlice(deployment.Object, containers, path...)
}

// podComplaints is about the pods of a Deployment or a Job: a Deployment's selector, and the security of the
// level restricted.
func podComplaints(object *unstructured.Unstructured) ([]string, error) {
	kind := object.GetKind()
	if kind != "Deployment" && kind != "Job" {
		return nil, nil
	}
	var workload struct {
		Spec struct {
			Selector *metav1.LabelSelector  `json:"selector"`
			Template corev1.PodTemplateSpec `json:"template"`
		} `json:"spec"`
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &workload); err != nil {
		return []string{err.Error()}, nil
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		return nil, err
	}
	selector, err := metav1.LabelSelectorAsSelector(workload.Spec.Selector)
	if err != nil {
		return []string{err.Error()}, nil
	}
	var found []string
	template := workload.Spec.Template
	// A Job is given its selector by the server.
	if kind == "Deployment" && (selector.Empty() || !selector.Matches(labels.Set(template.Labels))) {
		found = append(found, "the selector does not match the labels of the template")
	}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &template.ObjectMeta, &template.Spec))
	if !result.Allowed {
		found = append(found, fmt.Sprintf("violates PodSecurity %q: %s", restricted, result.ForbiddenDetail()))
	}
	return found, nil
}
