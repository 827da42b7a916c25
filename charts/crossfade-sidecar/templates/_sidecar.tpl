{{/*
The sidecar for pods of other charts and, by charts/crossfade, for pods that the webhook is asked about. Both templates take
the same dict; what it lacks is as in "crossfade-sidecar.defaults":

  initContainers:
    {{- include "crossfade-sidecar.container" (dict "config" "shop-sidecar" "secret" "shop-sidecar") | nindent 4 }}
  volumes:
    {{- include "crossfade-sidecar.volumes" (dict "config" "shop-sidecar" "secret" "shop-sidecar") | nindent 4 }}
*/}}

{{- define "crossfade-sidecar.defaults" -}}
name: crossfade
image: crossfade/sidecar:0.1.0-SNAPSHOT
imagePullPolicy: IfNotPresent
# A ConfigMap with sidecar.yaml, a Secret whose keys that file names, a ConfigMap with the authorities that are believed.
config: crossfade-sidecar
secret: crossfade-sidecar
authorities: crossfade-ca
# As admin.port in sidecar.yaml; admin.host has to be 0.0.0.0 there, for the kubelet asks from outside the pod.
adminPort: 9090
resources:
  requests: {cpu: 100m, memory: 160Mi}
  limits: {memory: 256Mi}
# For so long after the pod's end was asked for, clients are let in as before.
preStopSeconds: 5
# How long the first start may take until the pod's other containers start.
startupSeconds: 120
# A second container stands by, and serves at once when the first one dies. Needs upgrade.socket in sidecar.yaml, in /var/lib/crossfade.
standby: false
user: 65532
group: 65532
{{- end -}}

{{- define "crossfade-sidecar.container" -}}
{{- $known := include "crossfade-sidecar.defaults" . | fromYaml -}}
{{- range $key := keys . | sortAlpha -}}
{{- if not (hasKey $known $key) -}}
{{- fail (printf "crossfade-sidecar: %q is no setting; there are %s" $key (keys $known | sortAlpha | join ", ")) -}}
{{- end -}}
{{- end -}}
{{- $it := merge (dict) . $known -}}
{{- include "crossfade-sidecar.one" (dict "it" $it "second" false) }}
{{- if $it.standby }}
{{ include "crossfade-sidecar.one" (dict "it" $it "second" true) }}
{{- end }}
{{- end -}}

{{- /* The two that stand by for each other differ in what a pod allows one container only, and in how soon the kubelet takes them for dead: both
ask the one that runs, and when the first hangs, it has to be gone before the second is taken for dead. */ -}}
{{- define "crossfade-sidecar.one" -}}
{{- $it := .it -}}
- name: {{ $it.name }}{{ if .second }}-standby{{ end }}
  image: {{ $it.image | quote }}
  imagePullPolicy: {{ $it.imagePullPolicy }}
  args: ["--config", "/etc/crossfade/sidecar.yaml"{{ if $it.standby }}, "--standby"{{ end }}]
  restartPolicy: Always
  {{- if $it.standby }}
  env:
    # By that the control plane knows it again after a restart.
    - {name: CROSSFADE_PROCESS, value: {{ if .second }}second{{ else }}first{{ end }}}
  {{- end }}
  {{- if not .second }}
  ports:
    - {name: crossfade-admin, containerPort: {{ $it.adminPort | toJson }}, protocol: TCP}
  {{- end }}
  startupProbe:
    httpGet: {path: /readyz, port: {{ $it.adminPort | toJson }}}
    periodSeconds: 1
    failureThreshold: {{ $it.startupSeconds }}
  readinessProbe:
    httpGet: {path: /readyz, port: {{ $it.adminPort | toJson }}}
    periodSeconds: 5
  livenessProbe:
    httpGet: {path: /livez, port: {{ $it.adminPort | toJson }}}
    periodSeconds: 10
    timeoutSeconds: 5
    {{- if .second }}
    failureThreshold: 6
    {{- end }}
    {{- if $it.standby }}
    terminationGracePeriodSeconds: 10
    {{- end }}
  lifecycle:
    preStop:
      sleep: {seconds: {{ $it.preStopSeconds }}}
  resources:
    {{- toYaml $it.resources | nindent 4 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ $it.user }}
    runAsGroup: {{ $it.group }}
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities: {drop: [ALL]}
    seccompProfile: {type: RuntimeDefault}
  volumeMounts:
    - {name: crossfade-config, mountPath: /etc/crossfade, readOnly: true}
    - {name: crossfade-state, mountPath: /var/lib/crossfade}
    - {name: crossfade-tmp, mountPath: /tmp}
{{- end -}}

{{- define "crossfade-sidecar.volumes" -}}
{{- $it := merge (dict) . (include "crossfade-sidecar.defaults" . | fromYaml) -}}
- name: crossfade-config
  projected:
    # For all to read (0444): whom the pod's files belong to is not the sidecar's to say, and only it mounts these.
    defaultMode: 292
    sources:
      - configMap: {name: {{ $it.config | quote }}}
      - secret: {name: {{ $it.secret | quote }}, optional: true}
      - configMap: {name: {{ $it.authorities | quote }}, optional: true}
- name: crossfade-state
  emptyDir: {sizeLimit: 64Mi}
- name: crossfade-tmp
  emptyDir: {sizeLimit: 64Mi}
{{- end -}}
