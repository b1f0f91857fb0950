{{/*
The pod of a component. Takes root, component, arguments, values (settings, extraEnv, scheduling, resources), and, where they apply,
state ("claim" or the size of an emptyDir), feeds (the ConfigMap to mount), port (of its probes), temporary (size of
/tmp), revision (the label that tells the pods of a rollout from those before), once (it ends by itself).
*/}}
{{- define "frontwire.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $user := include "frontwire.user" .component -}}
{{- $secure := ne $values.kafka.protocol "PLAINTEXT" -}}
{{- $place := merge (dict) (.values.scheduling | default dict) (pick $values "priorityClassName" "nodeSelector" "tolerations" "affinity") -}}
{{- $settings := include "frontwire.settings" (dict "root" $root "settings" .values.settings) | fromJson -}}
metadata:
  labels:
    {{- include "frontwire.podLabels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    kubectl.kubernetes.io/default-container: {{ .component }}
    {{- if $secure }}
    checksum/credentials: {{ include "frontwire.credentials" (dict "root" $root "user" $user) | sha256sum }}
    {{- end }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  automountServiceAccountToken: false
  {{- if not .once }}
  serviceAccountName: {{ include "frontwire.fullname" $root }}
  {{- end }}
  enableServiceLinks: false
  # The drain, and then some.
  terminationGracePeriodSeconds: {{ add 20 (ceil (float64 (get $settings "FRONTWIRE_DRAIN_TIMEOUT" | default "25"))) }}
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $place.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    {{- with $values.runAs.user }}
    runAsUser: {{ int . }}
    {{- end }}
    {{- with $values.runAs.group }}
    runAsGroup: {{ int . }}
    fsGroup: {{ int . }}
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
  {{- if .once }}
  restartPolicy: Never
  {{- end }}
  containers:
    - name: {{ .component }}
      image: {{ include "frontwire.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      command: [frontwire]
      args: {{ .arguments | toJson }}
      env:
        {{- include "frontwire.environment" (dict "root" $root "user" $user "values" .values "component" .component) | nindent 8 }}
      {{- with .port }}
      ports:
        - name: http
          containerPort: {{ . }}
          protocol: TCP
      {{- end }}
      {{- if .port }}
      # Until the first answer: loading the language packs, and making the index of places where the image has none.
      startupProbe:
        httpGet: {path: /healthz, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 120
      # Only whether the loop turns and no partition stands still: a Kafka that is away mends by no restart. It comes
      # after the process' own watchdog, which ends it with a reason in its log.
      livenessProbe:
        httpGet: {path: /healthz, port: http}
        periodSeconds: 15
        timeoutSeconds: 5
        failureThreshold: {{ add 2 (ceil (divf (float64 (get $settings "FRONTWIRE_STALL_TIMEOUT" | default "120")) 15)) }}
      # Partitions owned and restored, not draining.
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      {{- end }}
      terminationMessagePolicy: FallbackToLogsOnError
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if .state }}
        - name: state
          mountPath: /var/lib/frontwire
        {{- end }}
        {{- if .feeds }}
        - name: feeds
          mountPath: /etc/frontwire/feeds
          readOnly: true
        {{- end }}
        {{- if $secure }}
        - name: kafka
          mountPath: /etc/frontwire/kafka
          readOnly: true
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: {{ .temporary | default "256Mi" }}
    {{- if and .state (ne .state "claim") }}
    - name: state
      emptyDir:
        sizeLimit: {{ .state }}
    {{- end }}
    {{- with .feeds }}
    - name: feeds
      configMap:
        name: {{ . }}
    {{- end }}
    {{- if $secure }}
    - name: kafka
      projected:
        defaultMode: 0440
        sources:
          {{- with $values.kafka.ca.existingSecret }}
          - secret:
              name: {{ . }}
              items:
                - {key: {{ $values.kafka.ca.key | quote }}, path: ca.crt}
          {{- end }}
          - secret:
              name: {{ include "frontwire.secret" (dict "root" $root "user" $user) }}
              items:
                {{- if eq $values.kafka.protocol "SSL" }}
                - {key: {{ $values.kafka.keys.certificate | quote }}, path: user.crt}
                - {key: {{ $values.kafka.keys.key | quote }}, path: user.key}
                {{- else }}
                - {key: {{ $values.kafka.keys.password | quote }}, path: password}
                {{- end }}
    {{- end }}
  {{- with $place.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $place.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $place.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if not .once }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: {{ $values.spread }}
      # Nodes that take none of our pods are no places to spread to.
      nodeTaintsPolicy: Honor
      {{- with $.revision }}
      matchLabelKeys: [{{ . }}]
      {{- end }}
      labelSelector:
        matchLabels:
          {{- include "frontwire.selector" $root | nindent 10 }}
          app.kubernetes.io/component: {{ $.component }}
    {{- end }}
  {{- end }}
{{- end -}}

{{/* root, user, values, component: the environment of a process. */}}
{{- define "frontwire.environment" -}}
{{- $kafka := .root.Values.kafka -}}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ $kafka.bootstrapServers | quote }}
- name: FRONTWIRE_TOPIC_PREFIX
  value: {{ $kafka.topicPrefix | quote }}
- name: FRONTWIRE_REPLICATION_FACTOR
  value: {{ $kafka.replicationFactor | quote }}
- name: FRONTWIRE_STATE_FOLDER
  value: /var/lib/frontwire
- name: FRONTWIRE_KAFKA_SECURITY_PROTOCOL
  value: {{ $kafka.protocol }}
{{- if ne $kafka.protocol "PLAINTEXT" }}
{{- if $kafka.ca.existingSecret }}
- name: FRONTWIRE_KAFKA_CA_FILE
  value: /etc/frontwire/kafka/ca.crt
{{- end }}
{{- if eq $kafka.protocol "SSL" }}
- name: FRONTWIRE_KAFKA_CERTIFICATE_FILE
  value: /etc/frontwire/kafka/user.crt
- name: FRONTWIRE_KAFKA_KEY_FILE
  value: /etc/frontwire/kafka/user.key
{{- else }}
- name: FRONTWIRE_KAFKA_USERNAME
  value: {{ include "frontwire.username" (dict "root" .root "user" .user) }}
- name: FRONTWIRE_KAFKA_PASSWORD_FILE
  value: /etc/frontwire/kafka/password
{{- end }}
{{- end }}
{{- if eq .component "desk" }}
- name: FRONTWIRE_DESK_HOST
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
- name: FRONTWIRE_DESK_PORT
  value: "9460"
{{- else }}
- name: FRONTWIRE_HTTP_HOST
  valueFrom: {fieldRef: {fieldPath: status.podIP}}
- name: FRONTWIRE_HTTP_PORT
  value: "9464"
{{- end }}
{{- range $name, $value := include "frontwire.settings" (dict "root" .root "settings" .values.settings) | fromJson }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* root, user: changes when the Secrets change, as far as Helm can see them, or when kafka.rotation does. */}}
{{- define "frontwire.credentials" -}}
{{- $root := .root -}}
{{- $root.Values.kafka.rotation }}
{{- range compact (list $root.Values.kafka.ca.existingSecret (include "frontwire.secret" .)) }}
{{ . }} {{ get (lookup "v1" "Secret" $root.Release.Namespace .) "data" | toJson }}
{{- end }}
{{- end -}}
