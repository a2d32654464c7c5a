import type { Step } from './steps.ts'

const AKS = '--resource-group $GROUP --name $CLUSTER'

/** Only if named. */
export const LATER: readonly Step[] = [
  {
    name: 'redis',
    title: 'Azure Managed Redis, and the secret of the component azure-redis (some ten minutes)',
    script: `: \${REDIS:?say --redis NAME}
az extension add --upgrade --yes --name redisenterprise
az redisenterprise show --resource-group $GROUP --cluster-name $REDIS --output none 2>/dev/null ||
  az redisenterprise create --resource-group $GROUP --cluster-name $REDIS --location $LOCATION \\
    --sku Balanced_B0 --public-network-access Enabled --minimum-tls-version 1.2 \\
    --client-protocol Encrypted --clustering-policy EnterpriseCluster --port 10000 \\
    --eviction-policy AllKeysLRU --access-keys-authentication Enabled --output none
ADDRESS=$(az redisenterprise show --resource-group $GROUP --cluster-name $REDIS --query hostName --output tsv)
KEY=$(az redisenterprise database list-keys --resource-group $GROUP --cluster-name $REDIS --query primaryKey --output tsv)
# Not as arguments, which every process of the machine can read. Half of these keys hold a slash.
ENCODED=$(printf %s "$KEY" | node -p 'encodeURIComponent(require("node:fs").readFileSync(0, "utf8"))')
printf %s "rediss://:$ENCODED@$ADDRESS:10000" |
  kubectl --namespace polarity create secret generic polarity-azure-redis --from-file=url=/dev/stdin \\
    --dry-run=client --output yaml | kubectl apply --server-side --force-conflicts --filename -
node scripts/azure/place.ts --azure-redis`,
  },
  {
    name: 'mesh-look',
    title: 'The revisions that the mesh can go to',
    script: `az aks mesh get-upgrades ${AKS} --output table`,
  },
  {
    name: 'mesh-start',
    title: 'A second revision of the mesh beside the first',
    script: `: \${REVISION:?say --revision, one that mesh-look shows}
az aks mesh upgrade start ${AKS} --revision $REVISION
node scripts/azure/place.ts --revision $REVISION
echo "Commit, npm run deploy, then: npm run azure -- --run mesh-move"`,
  },
  {
    name: 'mesh-move',
    title: "Sidecars of the namespace's revision for all pods, Redis' too",
    script: `kubectl --namespace polarity rollout restart deployment
kubectl --namespace polarity rollout status deployment --timeout=600s`,
  },
  {
    name: 'mesh-complete',
    title: 'The older revision goes',
    script: `az aks mesh upgrade complete ${AKS}`,
  },
  {
    name: 'mesh-rollback',
    title: 'The newer revision goes; before, deploy with the older one and mesh-move',
    script: `az aks mesh upgrade rollback ${AKS}`,
  },
  {
    name: 'delete',
    title: 'Everything goes: cluster, images, zone, Redis. It asks before',
    script: 'az group delete --name $GROUP',
  },
]
