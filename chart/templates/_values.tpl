{{/* What the values say of single objects. */}}

{{- define "polarity.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default (printf "%s-bun" $.Chart.AppVersion) }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "polarity.configMap" -}}
{{- $object := index . 1 -}}
{{- range $name, $value := (index . 0).Values.config -}}
{{- /* A number as JSON has it: as a string it would be 6.7108864e+07. */ -}}
{{- $_ := set $object.data $name (ternary $value (toJson $value) (kindIs "string" $value)) -}}
{{- end -}}
{{- end -}}

{{/* An autoscaler of the service: how many pods. KEDA's HTTP add-on goes down to none. */}}
{{- define "polarity.scaling" -}}
{{- $root := index . 0 -}}
{{- $object := index . 1 -}}
{{- $most := $root.Values.autoscaling.maxReplicas -}}
{{- if gt (int $root.Values.autoscaling.minReplicas) (int $most) -}}
{{- fail "autoscaling.minReplicas is more than autoscaling.maxReplicas" -}}
{{- end -}}
{{- $least := ternary 0 $root.Values.autoscaling.minReplicas $root.Values.kedaHttp.enabled -}}
{{- if eq $object.kind "HorizontalPodAutoscaler" -}}
{{- $_ := mergeOverwrite $object.spec (dict "minReplicas" $least "maxReplicas" $most) -}}
{{- else if eq $object.kind "ScaledObject" -}}
{{- $_ := mergeOverwrite $object.spec (dict "minReplicaCount" $least "maxReplicaCount" $most) -}}
{{- else -}}
{{- $_ := mergeOverwrite $object.spec (dict "replicas" (dict "min" $least "max" $most)) -}}
{{- end -}}
{{- end -}}

{{/* The Deployment: its pods, and what restarts them when a setting changes. */}}
{{- define "polarity.deployment" -}}
{{- $root := index . 0 -}}
{{- $object := index . 1 -}}
{{- $values := $root.Values -}}
{{- $template := $object.spec.template -}}
{{- $container := index $template.spec.containers 0 -}}
{{- $_ := set $container "image" (include "polarity.image" $root) -}}
{{- with $values.image.pullPolicy }}{{ $_ := set $container "imagePullPolicy" . }}{{ end -}}
{{- with $values.resources }}{{ $_ := mergeOverwrite $container.resources . }}{{ end -}}
{{- with $values.extraEnv }}{{ $_ := set $container "env" (concat ($container.env | default list) .) }}{{ end -}}
{{- with $values.imagePullSecrets }}{{ $_ := set $template.spec "imagePullSecrets" . }}{{ end -}}
{{- with $values.nodeSelector }}{{ $_ := set $template.spec "nodeSelector" . }}{{ end -}}
{{- with $values.tolerations }}{{ $_ := set $template.spec "tolerations" . }}{{ end -}}
{{- with $values.affinity }}{{ $_ := set $template.spec "affinity" . }}{{ end -}}
{{- $labels := mergeOverwrite (dict) $values.podLabels $template.metadata.labels -}}
{{- $_ := set $template.metadata "labels" $labels -}}
{{- $checksum := dict "checksum/config" (index . 2 | toJson | sha256sum) -}}
{{- $_ := mergeOverwrite $template.metadata.annotations $values.podAnnotations $checksum -}}
{{- if not (or $values.autoscaling.enabled $values.keda.enabled $values.kedaHttp.enabled) -}}
{{- $_ := set $object.spec "replicas" $values.replicas -}}
{{- end -}}
{{- end -}}
