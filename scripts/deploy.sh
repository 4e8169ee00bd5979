#!/usr/bin/env bash
# Checks the files of deploy/ as far as possible without a container engine: HAProxy's configuration, the systemd unit
# and its exposure, and the references within the YAML files.
#
# Needs haproxy, systemd-analyze, and Python with PyYAML (as root on Debian, installs them).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

install() {
    [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null ||
        { echo "scripts/deploy.sh needs $1: install it" >&2; exit 1; }
    { apt-get update && apt-get install --yes --no-install-recommends "$1"; } >&2
}
command -v haproxy >/dev/null || install haproxy
command -v systemd-analyze >/dev/null || install systemd
python3 -c 'import yaml' 2>/dev/null || install python3-yaml

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT

# Replace the server names, which resolve only in their network, and the binary, which might not be installed.
sed -E 's/doorward-([12]):8080/127.0.0.1:808\1/' deploy/haproxy.cfg >"$folder/haproxy.cfg"
haproxy -c -f "$folder/haproxy.cfg"
sed 's|/usr/local/bin/doorward|/bin/true|' deploy/doorward.service >"$folder/doorward.service"
systemd-analyze verify "$folder/doorward.service"
# The threshold is in tenths of the exposure level.
systemd-analyze security --offline=true --threshold=15 deploy/doorward.service | tail -1

python3 - <<'PYTHON'
import yaml

compose = yaml.safe_load(open("deploy/compose.yaml"))
services, secrets = compose["services"], compose["secrets"]
for name, service in services.items():
    for secret in service.get("secrets", []):
        assert secret in secrets, f"{name}: no secret {secret}"
    for other in service.get("depends_on", []):
        assert other in services, f"{name}: no service {other}"
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        assert source.startswith(".") or source in compose["volumes"], f"{name}: no volume {source}"

kinds = {it["kind"]: it for it in yaml.safe_load_all(open("deploy/kubernetes/doorward.yaml"))}
deployment = kinds["Deployment"]["spec"]
pod = deployment["template"]["spec"]
(container,) = pod["containers"]
labels = deployment["template"]["metadata"]["labels"]
for selector in (
    deployment["selector"]["matchLabels"],
    kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    kinds["Service"]["spec"]["selector"],
):
    assert selector.items() <= labels.items(), f"{selector} selects no pod"
assert kinds["PodDisruptionBudget"]["spec"]["minAvailable"] < deployment["replicas"]
ports = {port["name"] for port in container["ports"]}
for probe, path in (("livenessProbe", "/healthz"), ("readinessProbe", "/readyz"), ("startupProbe", "/readyz")):
    asked = container[probe]["httpGet"]
    assert asked["path"] == path and asked["port"] in ports, probe
assert kinds["Service"]["spec"]["ports"][0]["targetPort"] in ports
assert {it["name"] for it in container["volumeMounts"]} == {it["name"] for it in pod["volumes"]}
environment = {it["name"]: it["value"] for it in container["env"]}
drain = int(environment["DOORWARD_DRAIN_SECONDS"])
assert drain + 30 < pod["terminationGracePeriodSeconds"], "the grace period is too short"
print("all references in compose.yaml and kubernetes/doorward.yaml resolve")
PYTHON
