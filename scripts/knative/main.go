// knative < MANIFESTS: what Knative Serving's own webhook would say of the Knative Services in manifests, with
// its default settings: every optional feature is off. Prints one complaint a line; exits with 1 if there is one.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"knative.dev/pkg/apis"
	servingv1 "knative.dev/serving/pkg/apis/serving/v1"
)

func main() {
	services, complaints, err := check(os.Stdin)
	if err == nil && services == 0 {
		err = errors.New("no Knative Service on standard input")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "knative:", err)
		os.Exit(2)
	}
	if complaints > 0 {
		os.Exit(1)
	}
}

// check prints the complaints, and returns the number of Knative Services and of complaints.
func check(manifests io.Reader) (services, complaints int, err error) {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(manifests))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return services, complaints, nil
		}
		if err != nil {
			return services, complaints, err
		}
		service := &servingv1.Service{}
		if err := utilyaml.Unmarshal(document, &service.TypeMeta); err != nil {
			return services, complaints, err
		}
		if service.GroupVersionKind() != servingv1.SchemeGroupVersion.WithKind("Service") {
			continue
		}
		services++
		if err := utilyaml.UnmarshalStrict(document, service); err != nil {
			return services, complaints, err
		}
		if found := complaintsAbout(service); found != nil {
			complaints++
			fmt.Printf("Service %s: %s\n", service.Name, found.Error())
		}
	}
}

// complaintsAbout does what the webhook does with a new object: sets defaults, then validates.
func complaintsAbout(service *servingv1.Service) error {
	ctx := apis.WithinCreate(context.Background())
	service.SetDefaults(ctx)
	if found := service.Validate(ctx); found != nil {
		return found
	}
	return nil
}
