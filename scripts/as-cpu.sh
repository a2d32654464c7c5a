#!/usr/bin/env bash
# Runs a command as if on a lesser x86-64 CPU, at full speed: as-cpu.sh KIND COMMAND...
# KIND: sse, avx2 (Haswell to Coffee Lake, Zen 1 to 3), avxvnni (Alder Lake), avx512 (Skylake-SP),
# vnni (Cascade Lake, Ice Lake, Zen 4); what the CPU lacks can't be added.
# Needs cc, Linux, and a CPU whose flags in /proc/cpuinfo have cpuid_fault.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if (($# < 2)); then
  sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
if ! grep -qm1 cpuid_fault /proc/cpuinfo; then
  echo 'as-cpu: this CPU has no cpuid_fault, so CPUID cannot be intercepted' >&2
  exit 2
fi
command -v cc >/dev/null || { echo 'as-cpu: needs a C compiler: apt-get install gcc' >&2; exit 2; }

kind=$1
shift
library=$(mktemp -d)/mask-cpu.so
trap 'rm -rf "$(dirname "$library")"' EXIT
cc -Wall -Wextra -Werror -O2 -shared -fPIC -o "$library" "$here/mask-cpu.c" -ldl
# glibc chose its functions before the library is loaded.
[[ $kind == sse ]] && export GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-AVX
env MASK_CPU="$kind" LD_PRELOAD="$library" "$@"
