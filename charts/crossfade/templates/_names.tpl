{{- define "crossfade.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "crossfade.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "crossfade.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "crossfade.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Takes (list . COMPONENT). */}}
{{- define "crossfade.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "crossfade.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "crossfade.labels" -}}
{{- $root := index . 0 -}}
{{ include "crossfade.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Takes (list . NAME). */}}
{{- define "crossfade.image" -}}
{{- $root := index . 0 -}}
{{- $tag := default $root.Chart.AppVersion $root.Values.images.tag -}}
{{- if $root.Values.images.registry -}}
{{- printf "%s/%s:%s" ($root.Values.images.registry | trimSuffix "/") (index . 1) $tag -}}
{{- else -}}
{{- printf "%s:%s" (index . 1) $tag -}}
{{- end -}}
{{- end -}}

{{- define "crossfade.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "crossfade.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "crossfade.tlsSecret" -}}
{{- if eq .Values.tls.mode "secret" -}}
{{- required "tls.mode is \"secret\": say which one by tls.existingSecret" .Values.tls.existingSecret -}}
{{- else -}}
{{- include "crossfade.fullname" . }}-tls
{{- end -}}
{{- end -}}

{{/* Of a pod that passes the profile "restricted". */}}
{{- define "crossfade.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "crossfade.containerSecurity" -}}
runAsNonRoot: true
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "crossfade.pullSecrets" -}}
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Where the state is, as arguments. */}}
{{- define "crossfade.databaseArguments" -}}
{{- $database := .Values.database -}}
{{- if eq $database.mode "external" -}}
{{- $host := required "database.mode is \"external\": say where it is by database.external.host" $database.external.host -}}
{{- $ca := ternary "&sslrootcert=/etc/crossfade/database/ca.crt" "" (ne $database.external.caSecret "") -}}
- {{ printf "--jdbc-url=jdbc:postgresql://%s:%d/%s?sslmode=%s%s" $host (int $database.external.port) $database.external.name $database.external.sslMode $ca | quote }}
- {{ printf "--db-user=%s" $database.external.user | quote }}
{{- else -}}
- {{ printf "--jdbc-url=jdbc:postgresql://%s-trial-postgresql:5432/crossfade" (include "crossfade.fullname" .) | quote }}
- "--db-user=crossfade"
{{- end -}}
{{- end -}}

{{- define "crossfade.databasePassword" -}}
- name: CROSSFADE_DB_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ .Values.database.existingSecret }}, key: {{ .Values.database.passwordKey }}}
{{- end -}}

{{- define "crossfade.databaseCa" -}}
{{- if and (eq .Values.database.mode "external") .Values.database.external.caSecret }}
- secret:
    name: {{ .Values.database.external.caSecret }}
    items: [{key: ca.crt, path: database/ca.crt}]
{{- end }}
{{- end -}}

{{- define "crossfade.hasFiles" -}}
{{- if or .Values.access .Values.databases .Values.unleash .Values.inject.enabled -}}true{{- end -}}
{{- end -}}
