{{/*
The objects themselves are in files/, which `npm run chart` writes from kustomize/: one source for both.
A part of the chart has objects, and changes of objects that came before it. Here they are put together.
*/}}

{{/* The names of the parts that the values ask for, as JSON. Fails where two of them can't be together. */}}
{{- define "polarity.parts" -}}
{{- $values := .Values -}}
{{- range list (list "redis" "azureRedis") (list "keda" "kedaHttp") (list "queueDepth" "keda") (list "queueDepth" "kedaHttp") (list "istio" "kedaHttp") -}}
{{- if and (get $values (first .)).enabled (get $values (last .)).enabled -}}
{{- fail (printf "%s.enabled and %s.enabled exclude each other: turn one of them off" (first .) (last .)) -}}
{{- end -}}
{{- end -}}
{{- $parts := list "base" -}}
{{- range list "network-policy" "redis" "azure-redis" "api-keys" "grpc" "istio" "monitoring" "keda" "keda-http" "queue-depth" -}}
{{- if (get $values (camelcase . | untitle)).enabled -}}
{{- $parts = append $parts . -}}
{{- end -}}
{{- end -}}
{{- toJson $parts -}}
{{- end -}}

{{/* A file with the names of this release in place of the examples. The gateway's contains its namespace's. */}}
{{- define "polarity.file" -}}
{{- $root := index . 0 -}}
{{- $text := $root.Files.Get (printf "files/%s.yaml" (index . 1)) -}}
{{- $text = replace "aks-istio-ingressgateway-external" $root.Values.istio.gateway $text -}}
{{- $text = replace "aks-istio-ingress" $root.Values.istio.ingressNamespace $text -}}
{{- $text = replace "aks-istio-system" $root.Values.istio.systemNamespace $text -}}
{{- $text = replace "polarity.example.com" $root.Values.host $text -}}
{{- with $root.Values.monitoring.runbookUrl -}}
{{- $text = regexReplaceAll "https?://\\S+#(polarity)" $text (printf "%s#${1}" .) -}}
{{- end -}}
{{- with $root.Values.monitoring.grafanaUrl -}}
{{- $text = regexReplaceAll "https?://\\S+?/d/(polarity-)" $text (printf "%s/d/${1}" (trimSuffix "/" .)) -}}
{{- end -}}
{{- replace "{namespace=\"polarity\"}" (printf "{namespace=\"%s\"}" $root.Release.Namespace) $text -}}
{{- end -}}

{{/* Adds a part to the objects of a state. */}}
{{- define "polarity.add" -}}
{{- $state := index . 1 -}}
{{- $part := include "polarity.file" (list (index . 0) (index . 2)) | fromYaml -}}
{{- if $part.Error -}}
{{- fail $part.Error -}}
{{- end -}}
{{- $_ := set $state "objects" (concat $state.objects $part.objects) -}}
{{- range $change := $part.changes -}}
{{- $kept := list -}}
{{- range $object := $state.objects -}}
{{- $meant := and (eq $object.kind $change.kind) (regexMatch (printf "^(%s)$" $change.name) $object.metadata.name) -}}
{{- if and $meant $change.at -}}
{{- include "polarity.change" (list $object $change) -}}
{{- end -}}
{{- if not (and $meant $change.delete) -}}
{{- $kept = append $kept $object -}}
{{- end -}}
{{- end -}}
{{- $_ := set $state "objects" $kept -}}
{{- end -}}
{{- end -}}

{{/* One change of one object, at its path. */}}
{{- define "polarity.change" -}}
{{- $at := index . 0 -}}
{{- $change := index . 1 -}}
{{- range initial $change.at -}}
{{- if kindIs "slice" $at -}}
{{- $at = index $at (int .) -}}
{{- else -}}
{{- $at = get $at . -}}
{{- end -}}
{{- end -}}
{{- $key := last $change.at -}}
{{- $old := get $at $key -}}
{{- if $change.append -}}
{{- $_ := set $at $key (concat ($old | default list) $change.append) -}}
{{- else if $change.prepend -}}
{{- $_ := set $at $key (concat $change.prepend ($old | default list)) -}}
{{- else -}}
{{- $_ := set $at $key (mergeOverwrite (dict) ($old | default dict) $change.merge) -}}
{{- end -}}
{{- end -}}
