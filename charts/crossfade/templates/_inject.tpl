{{/* What the webhook adds to a pod: the library chart's container and volumes, with placeholders for what annotations may say. */}}
{{- define "crossfade.injectTemplate" -}}
{{- $it := .Values.inject.sidecar -}}
{{- $resources := dict "requests" (dict "cpu" "${cpu-request}" "memory" "${memory-request}") "limits" (dict "memory" "${memory-limit}") -}}
{{- $sidecar := dict
      "image" (include "crossfade.image" (list . .Values.images.sidecar))
      "imagePullPolicy" .Values.images.pullPolicy
      "config" "${config}" "secret" "${secret}" "authorities" "${authorities}" "adminPort" "${admin-port}"
      "resources" $resources "preStopSeconds" $it.preStopSeconds "startupSeconds" $it.startupSeconds -}}
parameters:
  config: {form: name, default: {{ $it.config | quote }}}
  secret: {form: name, default: {{ $it.secret | quote }}}
  authorities: {form: name, default: {{ $it.authorities | quote }}}
  admin-port: {form: port, default: {{ $it.adminPort | quote }}}
  cpu-request: {form: quantity, default: {{ $it.cpuRequest | quote }}}
  memory-request: {form: quantity, default: {{ $it.memoryRequest | quote }}}
  memory-limit: {form: quantity, default: {{ $it.memoryLimit | quote }}}
container:
  {{- include "crossfade-sidecar.container" $sidecar | fromYamlArray | first | toYaml | nindent 2 }}
withStandby:
  {{- include "crossfade-sidecar.container" (merge (dict "standby" true) $sidecar) | fromYamlArray | toYaml | nindent 2 }}
volumes:
  {{- include "crossfade-sidecar.volumes" $sidecar | fromYamlArray | toYaml | nindent 2 }}
{{- end -}}
