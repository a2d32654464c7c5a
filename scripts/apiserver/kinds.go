package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// kind is what the server knows of one version of a kind.
type kind struct {
	converter managedfields.TypeConverter
	// For custom resources alone.
	custom *custom
}

// kinds holds the kinds of an API; each is compiled when it is first asked for.
type kinds struct {
	builtIn     map[schema.GroupVersionKind]map[string]*spec.Schema
	definitions map[schema.GroupVersionKind]*apiextensionsv1.CustomResourceDefinition
	known       map[schema.GroupVersionKind]*kind
	metadata    map[string]*spec.Schema
}

func readKinds(folder string) (*kinds, error) {
	k := &kinds{
		builtIn:     map[schema.GroupVersionKind]map[string]*spec.Schema{},
		definitions: map[schema.GroupVersionKind]*apiextensionsv1.CustomResourceDefinition{},
		known:       map[schema.GroupVersionKind]*kind{},
		metadata:    map[string]*spec.Schema{},
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err == nil && filepath.Ext(file.Name()) == ".json" {
			err = k.addBuiltIn(text)
		} else if err == nil {
			err = k.addDefinitions(string(text))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name(), err)
		}
	}
	if len(k.builtIn) == 0 || len(k.definitions) == 0 {
		return nil, fmt.Errorf("%s lacks the built-in kinds, or the custom ones", folder)
	}
	return k, nil
}

func (k *kinds) addBuiltIn(text []byte) error {
	openapi := &spec3.OpenAPI{}
	if err := json.Unmarshal(text, openapi); err != nil {
		return err
	}
	schemas := openapi.Components.Schemas
	for name, model := range schemas {
		if strings.HasPrefix(name, "io.k8s.apimachinery.") {
			k.metadata[name] = model
		}
		var names []schema.GroupVersionKind
		if err := model.Extensions.GetObject("x-kubernetes-group-version-kind", &names); err != nil {
			return err
		}
		// Kinds of many groups, such as DeleteOptions, are no objects.
		if len(names) == 1 {
			k.builtIn[names[0]] = schemas
		}
	}
	return nil
}

func (k *kinds) addDefinitions(text string) error {
	for _, document := range strings.Split(text, "\n---") {
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := utilyaml.Unmarshal([]byte(document), definition); err != nil {
			return err
		}
		for _, version := range definition.Spec.Versions {
			gvk := schema.GroupVersionKind{
				Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind,
			}
			k.definitions[gvk] = definition
		}
	}
	return nil
}

// of returns nil for a kind that the API does not have.
func (k *kinds) of(gvk schema.GroupVersionKind) (*kind, error) {
	if known, ok := k.known[gvk]; ok {
		return known, nil
	}
	made, err := k.compile(gvk)
	if err != nil {
		return nil, err
	}
	k.known[gvk] = made
	return made, nil
}

func (k *kinds) compile(gvk schema.GroupVersionKind) (*kind, error) {
	if schemas, ok := k.builtIn[gvk]; ok {
		converter, err := managedfields.NewTypeConverter(schemas, false)
		return &kind{converter: converter}, err
	}
	definition, ok := k.definitions[gvk]
	if !ok {
		return nil, nil
	}
	custom, err := newCustom(definition, gvk.Version)
	if err != nil {
		return nil, err
	}
	// As the server does for an apply: types, list types and keys, without what values are valid.
	options := builder.Options{StripValueValidation: true, StripNullable: true, AllowNonStructural: true}
	openapi, err := builder.BuildOpenAPIV3(definition, gvk.Version, options)
	if err != nil {
		return nil, err
	}
	schemas := maps.Clone(k.metadata)
	maps.Copy(schemas, openapi.Components.Schemas)
	converter, err := managedfields.NewTypeConverter(schemas, definition.Spec.PreserveUnknownFields)
	return &kind{converter: converter, custom: custom}, err
}
