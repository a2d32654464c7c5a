// apiserver [--field-manager=NAME] [--force-conflicts] API_FOLDER < MANIFESTS: what the API server would say
// of manifests, by its own code and without the server. Prints one complaint a line; exits with 1 if there is
// one. API_FOLDER has the OpenAPI of Kubernetes (*.json) and definitions of custom resources (*.yaml).
// The options are those of `kubectl apply --server-side`.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

func main() {
	applier := applier{}
	flag.StringVar(&applier.manager, "field-manager", "kubectl", "who applies")
	flag.BoolVar(&applier.force, "force-conflicts", false, "whether fields of others are taken")
	flag.Parse()
	count, err := check(flag.Arg(0), os.Stdin, applier)
	if err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		os.Exit(2)
	}
	if count > 0 {
		os.Exit(1)
	}
}

// check prints the complaints about all objects, and returns their number.
func check(folder string, manifests io.Reader, applier applier) (int, error) {
	kinds, err := readKinds(folder)
	if err != nil {
		return 0, err
	}
	objects, err := readObjects(manifests)
	if err != nil {
		return 0, err
	}
	if len(objects) == 0 {
		return 0, errors.New("no objects on standard input")
	}
	count := 0
	for _, object := range objects {
		complaints, err := complaintsAbout(object, kinds, applier)
		if err != nil {
			return 0, fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err)
		}
		for _, complaint := range complaints {
			fmt.Printf("%s %s: %s\n", object.GetKind(), object.GetName(), complaint)
		}
		count += len(complaints)
	}
	return count, nil
}

func complaintsAbout(object *unstructured.Unstructured, kinds *kinds, applier applier) ([]string, error) {
	kind, err := kinds.of(object.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	if kind == nil {
		return []string{fmt.Sprintf("no kind %s", object.GroupVersionKind())}, nil
	}
	complaints := metadataComplaints(object)
	complaints = append(complaints, applier.complaints(object, kind)...)
	if kind.custom != nil {
		complaints = append(complaints, kind.custom.complaints(object)...)
	}
	pod, err := podComplaints(object)
	return append(complaints, pod...), err
}

func readObjects(manifests io.Reader) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	reader := utilyaml.NewYAMLReader(bufio.NewReader(manifests))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		object := &unstructured.Unstructured{}
		if err := utilyaml.Unmarshal(document, &object.Object); err != nil {
			return nil, err
		}
		if object.GetKind() != "" {
			objects = append(objects, object)
		}
	}
}
