package docker

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// A field says what the Kubernetes API takes in one place: a string, an integer,
// a truth value, a quantity, a list of one kind or an object of named fields.
// What is not listed is refused: the API server drops unknown fields, and a field
// that is misspelt would silently not hold.
type field struct {
	kind     string // "string", "integer", "bool", "quantity", "list", "map" (of any names) or "object"
	of       *field // of a list or a map
	fields   map[string]field
	required []string
	values   []string // of a string, where only some are allowed
}

var (
	text     = field{kind: "string"}
	integer  = field{kind: "integer"}
	truth    = field{kind: "bool"}
	quantity = field{kind: "quantity"}
	texts    = field{kind: "list", of: &text}
	labels   = field{kind: "map", of: &text}
)

func object(fields map[string]field, required ...string) field {
	return field{kind: "object", fields: fields, required: required}
}

func listOf(f field) field { return field{kind: "list", of: &f} }

func mapOf(f field) field { return field{kind: "map", of: &f} }

func oneOf(values ...string) field { return field{kind: "string", values: values} }

// jobSchema is the part of batch/v1 Job and of core/v1 Pod that a sweep may use,
// after the API reference (JobSpec, PodSpec, Container).
var jobSchema = func() field {
	metadata := object(map[string]field{"name": text, "namespace": text, "labels": labels, "annotations": labels})
	security := object(map[string]field{"runAsNonRoot": truth, "runAsUser": integer, "runAsGroup": integer, "fsGroup": integer})
	env := object(map[string]field{"name": text, "value": text}, "name")
	mount := object(map[string]field{"name": text, "mountPath": text, "subPath": text, "readOnly": truth}, "name", "mountPath")
	container := object(map[string]field{
		"name": text, "image": text, "imagePullPolicy": oneOf("Always", "IfNotPresent", "Never"),
		"workingDir": text, "command": texts, "args": texts, "env": listOf(env), "volumeMounts": listOf(mount),
		"resources": object(map[string]field{"requests": mapOf(quantity), "limits": mapOf(quantity)}),
	}, "name", "image")
	volume := object(map[string]field{
		"name":                  text,
		"persistentVolumeClaim": object(map[string]field{"claimName": text, "readOnly": truth}, "claimName"),
		"emptyDir":              object(map[string]field{"sizeLimit": quantity}),
	}, "name")
	pod := object(map[string]field{
		"restartPolicy": oneOf("Never", "OnFailure"), "securityContext": security, "nodeSelector": labels,
		"containers": listOf(container), "volumes": listOf(volume),
	}, "restartPolicy", "containers")
	spec := object(map[string]field{
		"completionMode": oneOf("NonIndexed", "Indexed"), "completions": integer, "parallelism": integer,
		"backoffLimit": integer, "backoffLimitPerIndex": integer, "maxFailedIndexes": integer,
		"activeDeadlineSeconds": integer, "ttlSecondsAfterFinished": integer, "suspend": truth,
		"template": object(map[string]field{"metadata": metadata, "spec": pod}, "spec"),
	}, "template")
	return object(map[string]field{
		"apiVersion": oneOf("batch/v1"), "kind": oneOf("Job"), "metadata": metadata, "spec": spec,
	}, "apiVersion", "kind", "metadata", "spec")
}()

var quantityForm = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?(m|[kMGTPE]i?)?$`)

// against lists what of a value the schema does not take, each with its place.
func (f field) against(place string, value any) []string {
	wrong := func(what string, args ...any) []string {
		return []string{place + ": " + fmt.Sprintf(what, args...)}
	}
	var problems []string
	switch f.kind {
	case "string", "quantity":
		s, ok := value.(string)
		switch {
		case !ok:
			return wrong("%v (%T) is no string: quote it", value, value)
		case f.values != nil && !slices.Contains(f.values, s):
			return wrong("%q is none of %q", s, f.values)
		case f.kind == "quantity" && !quantityForm.MatchString(s):
			return wrong("%q is no quantity", s)
		}
	case "integer":
		if n, ok := value.(uint64); !ok || n > 1<<31-1 {
			return wrong("%v (%T) is no whole number from 0", value, value)
		}
	case "bool":
		if _, ok := value.(bool); !ok {
			return wrong("%v (%T) is neither true nor false", value, value)
		}
	case "list":
		list, ok := value.([]any)
		if !ok {
			return wrong("is no list")
		}
		for i, v := range list {
			problems = append(problems, f.of.against(fmt.Sprintf("%s[%d]", place, i), v)...)
		}
	default:
		m, ok := value.(map[string]any)
		if !ok {
			return wrong("is no object")
		}
		for _, name := range f.required {
			if _, there := m[name]; !there {
				problems = append(problems, wrong("lacks %s", name)...)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(m)) {
			of, known := f.fields[name]
			if f.kind == "map" {
				of, known = *f.of, true
			}
			if !known {
				problems = append(problems, wrong("has the unknown field %s", name)...)
				continue
			}
			problems = append(problems, of.against(place+"."+name, m[name])...)
		}
	}
	return problems
}

// indexed lists what keeps a job that fits the schema from being a sweep.
func indexed(job map[string]any) []string {
	spec := job["spec"].(map[string]any)
	pod := spec["template"].(map[string]any)["spec"].(map[string]any)
	var problems []string
	need := func(ok bool, what string) {
		if !ok {
			problems = append(problems, what)
		}
	}
	need(spec["completionMode"] == "Indexed" && spec["completions"] != nil, "the job must be Indexed, with completions")
	need(spec["backoffLimitPerIndex"] == nil || pod["restartPolicy"] == "Never", "backoffLimitPerIndex needs the restartPolicy Never")
	need(spec["maxFailedIndexes"] == nil || spec["backoffLimitPerIndex"] != nil, "maxFailedIndexes needs backoffLimitPerIndex")
	volumes := map[any]bool{}
	list, _ := pod["volumes"].([]any)
	for _, v := range list {
		volumes[v.(map[string]any)["name"]] = true
	}
	for _, c := range pod["containers"].([]any) {
		c := c.(map[string]any)
		command := fmt.Sprint(c["command"], c["args"])
		need(strings.Contains(command, "JOB_COMPLETION_INDEX"), "the command does not read JOB_COMPLETION_INDEX")
		out := regexp.MustCompile(`-out (\S+)`).FindStringSubmatch(command)
		mounted := false
		mounts, _ := c["volumeMounts"].([]any)
		for _, m := range mounts {
			m := m.(map[string]any)
			need(volumes[m["name"]], fmt.Sprintf("there is no volume %v to mount", m["name"]))
			mounted = mounted || out != nil && strings.HasPrefix(out[1], m["mountPath"].(string)+"/")
		}
		need(mounted, "the results do not go to a mounted volume")
	}
	return problems
}

func job(t *testing.T, raw string) map[string]any {
	t.Helper()
	var job map[string]any
	if err := yaml.UnmarshalWithOptions([]byte(raw), &job, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return job
}

// The job fits the API and has one index for each run.
func TestSweepJob(t *testing.T) {
	raw, err := os.ReadFile("sweep.yaml")
	if err != nil {
		t.Fatal(err)
	}
	j := job(t, string(raw))
	if problems := jobSchema.against("job", j); len(problems) > 0 {
		t.Fatal(strings.Join(problems, "\n"))
	}
	for _, problem := range indexed(j) {
		t.Error(problem)
	}
	cmd := exec.Command("go", "run", "./atf/experiment/figure4", "-count")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	spec := j["spec"].(map[string]any)
	if want := strings.TrimSpace(string(out)); fmt.Sprint(spec["completions"]) != want {
		t.Errorf("completions: %v, but the command has %s runs", spec["completions"], want)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	array := regexp.MustCompile(`sbatch --array=0-([0-9]+)`).FindSubmatch(readme)
	if array == nil {
		t.Fatal("the README has no line for Slurm")
	}
	if last, _ := strconv.Atoi(string(array[1])); fmt.Sprint(last+1) != strings.TrimSpace(string(out)) {
		t.Errorf("the README's Slurm array ends at %d, the command has %s runs", last, out)
	}
}

// What the API would refuse or drop is found.
func TestSweepJobFindsMistakes(t *testing.T) {
	raw, err := os.ReadFile("sweep.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string][2]string{
		"has the unknown field completionmode":        {"completionMode:", "completionmode:"},
		`"indexed" is none of`:                        {": Indexed", ": indexed"},
		`job.apiVersion: "batch/v2"`:                  {"batch/v1", "batch/v2"},
		"job.spec.completions: many":                  {"completions: 324", "completions: many"},
		"job.spec.parallelism: -1":                    {"parallelism: 32", "parallelism: -1"},
		"lacks restartPolicy":                         {"      restartPolicy: Never\n", ""},
		`"1Gb" is no quantity`:                        {"1Gi", "1Gb"},
		"env[3].value: 1 (uint64) is no string":       {`value: "1"`, "value: 1"},
		"runAsNonRoot: 1 (uint64) is neither":         {"runAsNonRoot: true", "runAsNonRoot: 1"},
		"containers[0]: lacks image":                  {"          image: gonb-atf\n", ""},
		"job.spec.template.spec.volumes: is no list":  {"        - name: shared\n          persistent", "          persistent"},
		"persistentVolumeClaim: is no object":         {"Claim:\n            claimName: gonb-atf", "Claim: gonb-atf"},
		"the restartPolicy Never":                     {"restartPolicy: Never", "restartPolicy: OnFailure"},
		"must be Indexed":                             {"completionMode: Indexed", "completionMode: NonIndexed"},
		"maxFailedIndexes needs backoffLimitPerIndex": {"  backoffLimitPerIndex: 2\n", ""},
		"does not read JOB_COMPLETION_INDEX":          {"$JOB_COMPLETION_INDEX", "$INDEX"},
		"do not go to a mounted volume":               {"-out /shared", "-out /home"},
		"there is no volume disk":                     {"            - name: shared\n", "            - name: disk\n"},
	} {
		changed := strings.Replace(string(raw), change[0], change[1], 1)
		if changed == string(raw) {
			t.Errorf("%q is not in the file", change[0])
			continue
		}
		j := job(t, changed)
		problems := jobSchema.against("job", j)
		if len(problems) == 0 {
			problems = indexed(j)
		}
		if !strings.Contains(strings.Join(problems, "\n"), want) {
			t.Errorf("%q for %q: %q, want %q", change[1], change[0], problems, want)
		}
	}
}
