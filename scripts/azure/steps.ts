/** A part of the way, as lines of a POSIX shell; it can be run again. */
export interface Step {
  readonly name: string
  readonly title: string
  readonly script: string
}

const AKS = '--resource-group $GROUP --name $CLUSTER'
const GATEWAY = '--namespace aks-istio-ingress'

/** From an empty subscription to a cluster that `npm run deploy` can deploy to, in order. */
export const STEPS: readonly Step[] = [
  {
    name: 'look',
    title: 'The subscription, its quota of cores, and the revisions of the mesh on offer',
    script: `az account show --output table
for NAMESPACE in Microsoft.ContainerService Microsoft.ContainerRegistry Microsoft.Network Microsoft.ManagedIdentity Microsoft.Cache; do
  az provider register --namespace $NAMESPACE --wait
done
QUOTA=$(az vm list-usage --location $LOCATION --output tsv \\
  --query "[?name.value=='cores' || name.value=='$FAMILY'].[name.value, currentValue, limit]")
while read -r NAME USED LIMIT; do
  FREE=$((LIMIT - USED))
  echo "$NAME: $FREE free of $LIMIT; $((NODES * CORES)) are needed at first, $((MAX_NODES * CORES)) at most"
  if [ $FREE -lt $((NODES * CORES)) ]; then
    echo "Too few: ask for more in the portal under Quotas, or take another --location, or fewer --nodes." >&2
    exit 1
  fi
done <<END
\${QUOTA:?the location has no cores of $FAMILY: see az vm list-usage}
END
az aks mesh get-revisions --location $LOCATION --output table`,
  },
  {
    name: 'group',
    title: 'The resource group',
    script: 'az group create --name $GROUP --location $LOCATION --output none',
  },
  {
    name: 'registry',
    title: 'The registry of images',
    script: 'az acr create --resource-group $GROUP --name $REGISTRY --sku Basic --output none',
  },
  {
    name: 'cluster',
    title: 'The cluster with its mesh (some ten minutes)',
    script: `az aks show ${AKS} --output none 2>/dev/null ||
  az aks create ${AKS} --attach-acr $REGISTRY --generate-ssh-keys \\
    --node-vm-size $SIZE --node-count $NODES --zones 1 2 3 \\
    --enable-cluster-autoscaler --min-count $NODES --max-count $MAX_NODES \\
    --network-plugin azure --network-plugin-mode overlay --network-dataplane cilium \\
    --enable-azure-service-mesh --enable-oidc-issuer --enable-workload-identity --output none`,
  },
  {
    name: 'gateway',
    title: "The mesh's gateway",
    script: `HAS=$(az aks show ${AKS} --output tsv \\
  --query "serviceMeshProfile.istio.components.ingressGateways[?mode=='External'].enabled | [0]")
[ "$HAS" = true ] || az aks mesh enable-ingress-gateway ${AKS} --ingress-gateway-type external --output none`,
  },
  {
    name: 'credentials',
    title: "kubectl's access",
    script: `az aks get-credentials ${AKS} --overwrite-existing`,
  },
  {
    name: 'dns',
    title: 'The zone, and the address of the gateway in it',
    script: `az network dns zone show --resource-group $GROUP --name $ZONE --output none 2>/dev/null ||
  az network dns zone create --resource-group $GROUP --name $ZONE --output none
kubectl ${GATEWAY} wait service/aks-istio-ingressgateway-external --timeout=300s \\
  --for=jsonpath='{.status.loadBalancer.ingress[0].ip}'
ADDRESS=$(kubectl ${GATEWAY} get service aks-istio-ingressgateway-external \\
  --output jsonpath='{.status.loadBalancer.ingress[0].ip}')
az network dns record-set a add-record --resource-group $GROUP --zone-name $ZONE \\
  --record-set-name $RECORD --ipv4-address $ADDRESS --output none
echo "Where $ZONE is registered, enter its name servers (no certificate is issued before):"
az network dns zone show --resource-group $GROUP --name $ZONE --query nameServers --output tsv`,
  },
  {
    name: 'certificates',
    title:
      'cert-manager, which proves by DNS that the host is yours: the gateway redirects plain HTTP',
    script: `helm upgrade --install cert-manager oci://quay.io/jetstack/charts/cert-manager --version v1.21.2 \\
  --namespace cert-manager --create-namespace --wait --set crds.enabled=true \\
  --set-string 'podLabels.azure\\.workload\\.identity/use=true' \\
  --set-string 'serviceAccount.labels.azure\\.workload\\.identity/use=true'
az identity create --resource-group $GROUP --name cert-manager --output none
PRINCIPAL=$(az identity show --resource-group $GROUP --name cert-manager --query principalId --output tsv)
CLIENT=$(az identity show --resource-group $GROUP --name cert-manager --query clientId --output tsv)
SCOPE=$(az network dns zone show --resource-group $GROUP --name $ZONE --query id --output tsv)
az role assignment create --role 'DNS Zone Contributor' --scope $SCOPE \\
  --assignee-object-id $PRINCIPAL --assignee-principal-type ServicePrincipal --output none
ISSUER=$(az aks show ${AKS} --query oidcIssuerProfile.issuerUrl --output tsv)
az identity federated-credential create --resource-group $GROUP --identity-name cert-manager \\
  --name cert-manager --subject system:serviceaccount:cert-manager:cert-manager \\
  --audiences api://AzureADTokenExchange --issuer $ISSUER --output none
SUBSCRIPTION=$(az account show --query id --output tsv)
kubectl apply --filename - <<END
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: letsencrypt
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: $MAIL
    privateKeySecretRef:
      name: letsencrypt
    solvers:
      - dns01:
          azureDNS:
            subscriptionID: $SUBSCRIPTION
            resourceGroupName: $GROUP
            hostedZoneName: $ZONE
            managedIdentity:
              clientID: $CLIENT
END`,
  },
  {
    name: 'monitoring',
    title: 'Prometheus and Grafana',
    script: `helm upgrade --install monitoring oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack \\
  --namespace monitoring --create-namespace --wait \\
  --set prometheus.prometheusSpec.podMonitorSelectorNilUsesHelmValues=false \\
  --set prometheus.prometheusSpec.ruleSelectorNilUsesHelmValues=false \\
  --set grafana.sidecar.dashboards.searchNamespace=ALL`,
  },
  {
    name: 'place',
    title: 'These names into kustomize/overlays/prod, with the revision that the mesh has',
    script: `SERVER=$(az acr show --name $REGISTRY --query loginServer --output tsv)
REVISION=$(az aks show ${AKS} --query 'serviceMeshProfile.istio.revisions[-1]' --output tsv)
node scripts/azure/place.ts --registry $SERVER --host $HOST --revision $REVISION`,
  },
  {
    name: 'keys',
    title: 'The namespace, and the first API key: it is shown this once',
    script: `kubectl create namespace polarity --dry-run=client --output yaml | kubectl apply --filename -
if ! kubectl --namespace polarity get secret polarity-api-keys >/dev/null 2>&1; then
  # Outside of the checkout, from which only what is committed is deployed.
  KEYS=$(mktemp -d)/keys
  npm run --silent key -- operator --file $KEYS
  kubectl --namespace polarity create secret generic polarity-api-keys --from-file=keys=$KEYS
fi`,
  },
]
