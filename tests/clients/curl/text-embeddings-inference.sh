#!/usr/bin/env bash
# curl: the requests for sequence classification that text-embeddings-inference (TEI) publishes in its
# README and its API description, with this service's address.
set -uo pipefail

LABELS='"label":"POSITIVE","score":0\.9[0-9]*\},\{"label":"NEGATIVE"'

# check NAME STATUS PATTERN ARGUMENTS...: what curl gets must match, on one line.
check() {
  local name=$1 status=$2 pattern=$3
  shift 3
  local got
  got=$(curl --silent --show-error --write-out ' %{http_code}' "$@" 2>&1 | tr -d '\n')
  if [[ $got =~ $pattern && $got == *" $status" ]]; then
    echo "ok - $name"
  else
    echo "not ok - $name: $got"
  fi
}

echo "# curl $(curl --version | sed -n '1s/^curl \([^ ]*\).*/\1/p')"
json=(-H 'Content-Type: application/json')

check 'one text: a list of labels, best first' 200 "^\[\{$LABELS" \
  "$URL/predict" -X POST -d '{"inputs":"I like you."}' "${json[@]}"
check 'a batch: a list for each text' 200 "^\[\[\{$LABELS.*\],\[\{\"label\":\"NEGATIVE\"" \
  "$URL/predict" -X POST -d '{"inputs":[["I like you."],["I hate pineapples."]]}' "${json[@]}"
check 'all fields with the values that the description gives them' 200 "^\[\{$LABELS" \
  "$URL/predict" -X POST "${json[@]}" \
  -d '{"inputs":"I like you.","raw_scores":false,"truncate":true,"truncation_direction":"Right"}'
check 'raw scores: refused, as there are none' 422 '"error":.*"error_type":"Validation"' \
  "$URL/predict" -X POST -d '{"inputs":"I like you.","raw_scores":true}' "${json[@]}"
check 'the root, as an endpoint of Hugging Face' 200 "^\[\[\{$LABELS" \
  "$URL/" -X POST -d '{"inputs":"I like you."}' "${json[@]}"
check 'info: the model and its limits' 200 '"model_id".*"max_client_batch_size"' "$URL/info"
check 'health' 200 '' "$URL/health"
check 'a blank text: its error body' 422 '"error":".*blank.*"error_type":"Validation"' \
  "$URL/predict" -X POST -d '{"inputs":" "}' "${json[@]}"
check 'an unknown key' 401 '"error":".*key.*"error_type"' \
  "$GUARDED_URL/" -X POST -d '{"inputs":"I like you."}' -H 'Authorization: Bearer unknown' "${json[@]}"
check 'a key' 200 "$LABELS" \
  "$GUARDED_URL/predict" -X POST -d '{"inputs":"I like you."}' -H "Authorization: Bearer $KEY" "${json[@]}"
