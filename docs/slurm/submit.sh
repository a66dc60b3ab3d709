#!/usr/bin/env bash
# Submits a study to Slurm: an array job with one task per shard, and a job that
# merges the shards after all have succeeded. The same call again submits only
# the shards that are not finished.
#
#   docs/slurm/submit.sh FOLDER SHARDS SWEEP-OPTIONS...
#   docs/slurm/submit.sh /scratch/quick 4 --study quick
#
# FOLDER (shared by all nodes) receives the shards, FOLDER/merged.json and the
# logs. What a site also needs (partition, account, time limit) goes into sbatch's
# own variables: SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT.
# Prints the ids of the two jobs.
set -euo pipefail

fail() {
  echo "$1" >&2
  exit 2
}

[ $# -ge 3 ] || fail "Usage: docs/slurm/submit.sh FOLDER SHARDS SWEEP-OPTIONS..."
shards=$2
[[ $shards =~ ^[1-9][0-9]*$ ]] ||
  fail "SHARDS must be a whole number of at least 1, got \"$shards\""
mkdir -p "$1"
folder=$(realpath "$1")
shift 2

cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# A shard that is unfinished, or has failed cells, has a journal next to it.
missing=()
for ((i = 1; i <= shards; i++)); do
  shard="$folder/$i-of-$shards"
  if [ ! -e "$shard.json" ] || [ -e "$shard.journal.jsonl" ]; then
    missing+=("$i")
  fi
done

after=()
if [ ${#missing[@]} -gt 0 ]; then
  # Nodes need no network if the packages are cached beforehand.
  deno task --quiet fetch
  id=$(sbatch --parsable \
    --array="$(IFS=,; echo "${missing[*]}")" \
    --output="$folder/%x-%A-%a.log" \
    docs/slurm/sweep.sbatch "$folder" "$shards" "$@")
  id=${id%%;*}
  echo "sweep $id: shards ${missing[*]} of $shards"
  after=(--dependency="afterok:$id" --kill-on-invalid-dep=yes)
fi

id=$(sbatch --parsable "${after[@]}" \
  --output="$folder/%x-%j.log" \
  docs/slurm/merge.sbatch "$folder" "$shards")
echo "merge ${id%%;*}: $folder/merged.json"
