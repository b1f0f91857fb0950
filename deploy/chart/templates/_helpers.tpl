{{- define "frontwire.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "frontwire.fullname" -}}
{{- $name := include "frontwire.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "frontwire.selector" -}}
app.kubernetes.io/name: {{ include "frontwire.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Of pods: no version of the chart, or each new one would start them all anew. */}}
{{- define "frontwire.podLabels" -}}
{{ include "frontwire.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: frontwire
{{- end -}}

{{- define "frontwire.labels" -}}
{{ include "frontwire.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* The tables of the code: topics with their configuration, roles with their source, state and group, users with their rights. */}}
{{- define "frontwire.tables" -}}
{{- $tables := .Files.Get "files/tables.json" | fromJson -}}
{{- range $role, $count := .Values.kafka.partitions -}}
{{- $row := get $tables.roles $role -}}
{{- $_ := set $row "partitions" (int $count) -}}
{{- range $tables.topics -}}
{{- if has .name (list $row.source $row.state) -}}
{{- $_ := set . "partitions" (int $count) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $tables -}}
{{- end -}}

{{- define "frontwire.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Who a component is for Kafka. */}}
{{- define "frontwire.user" -}}
{{- get (dict "topics" "operator" "test" "desk") . | default . -}}
{{- end -}}

{{/* root, user: the name that a user has in Kafka, and of its KafkaUser. */}}
{{- define "frontwire.username" -}}
{{- $given := get .root.Values.kafka.users .user | default dict -}}
{{- $given.name | default (printf "%s-%s" (include "frontwire.fullname" .root) .user) -}}
{{- end -}}

{{/* root, user: the Secret with a user's certificate or password. */}}
{{- define "frontwire.secret" -}}
{{- $given := get .root.Values.kafka.users .user | default dict -}}
{{- $given.existingSecret | default (printf "%s-%s" (include "frontwire.fullname" .root) .user) -}}
{{- end -}}

{{/* root, settings of the component: both together, as texts; numbers without the exponent that Helm gives large ones. */}}
{{- define "frontwire.settings" -}}
{{- $all := dict -}}
{{- range list .root.Values.settings .settings -}}
{{- range $name, $value := . -}}
{{- if and (kindIs "float64" $value) (eq (floor $value) $value) -}}
{{- $value = int64 $value -}}
{{- end -}}
{{- $_ := set $all $name (toString $value) -}}
{{- end -}}
{{- end -}}
{{- toJson $all -}}
{{- end -}}

{{/* What an operator must hear of before anything is installed. */}}
{{- define "frontwire.check" -}}
{{- $values := .Values -}}
{{- $needed := dict "SSL" "tls" "SASL_SSL" "scram-sha-512" -}}
{{- if and $values.strimzi.enabled (not $values.strimzi.cluster) -}}
{{- fail "strimzi.enabled needs strimzi.cluster: the name of your Kafka resource." -}}
{{- end -}}
{{- if and $values.strimzi.enabled $values.strimzi.users $values.workloads.enabled (ne (get $needed $values.kafka.protocol) $values.strimzi.authentication) -}}
{{- fail (printf "strimzi.authentication is %s, but kafka.protocol is %s; tls goes with SSL, scram-sha-512 with SASL_SSL." $values.strimzi.authentication $values.kafka.protocol) -}}
{{- end -}}
{{- if and (eq $values.kafka.protocol "PLAINTEXT") $values.kafka.ca.existingSecret -}}
{{- fail "kafka.ca.existingSecret is set, but kafka.protocol is PLAINTEXT, which would not use it; set SSL or SASL_SSL." -}}
{{- end -}}
{{- $tables := include "frontwire.tables" . | fromJson -}}
{{- range $role, $row := $tables.roles -}}
{{- $worker := get $values.workers $role -}}
{{- range $name, $pods := dict "replicas" $worker.replicas "scaling.min" ($worker.scaling | default dict).min "scaling.max" ($worker.scaling | default dict).max -}}
{{- if gt (int $pods) (int $row.partitions) -}}
{{- fail (printf "workers.%s.%s is %v, but %s has %v partitions: more pods would idle." $role $name $pods $row.source $row.partitions) -}}
{{- end -}}
{{- end -}}
{{- with $worker.scaling -}}
{{- if and .max (lt (int .max) (int .min)) -}}
{{- fail (printf "workers.%s.scaling.max is %v, less than its min of %v." $role .max .min) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $values.feeds.files $values.feeds.existingConfigMap -}}
{{- fail "feeds.files and feeds.existingConfigMap are both set; choose one." -}}
{{- end -}}
{{- end -}}

{{- define "frontwire.feeds" -}}
{{- if or .Values.feeds.files .Values.feeds.existingConfigMap -}}true{{- end -}}
{{- end -}}
