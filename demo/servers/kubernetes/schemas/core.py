"""What every cluster has: nodes, claims, pods, workloads, jobs, and what leads to them.

Source: the types of k8s.io/api 0.36.3 (core/v1, apps/v1, batch/v1, networking/v1), and what the API server's
validation demands beyond them (kubernetes pkg/apis/*/validation): the template of a workload, the access
modes and the request of a claim, the image of a container.
"""

from collections.abc import Mapping

from .schema import Schema

_POD = (
    "activeDeadlineSeconds:int affinity:map automountServiceAccountToken:bool containers!:list "
    "dnsConfig:map dnsPolicy enableServiceLinks:bool ephemeralContainers:list hostAliases:list "
    "hostIPC:bool hostNetwork:bool hostPID:bool hostUsers:bool hostname hostnameOverride "
    "imagePullSecrets:list initContainers:list nodeName nodeSelector:map os:map overhead:map "
    "preemptionPolicy priority:int priorityClassName readinessGates:list resourceClaims:list "
    "resources:map restartPolicy=Always|OnFailure|Never runtimeClassName schedulerName "
    "schedulingGates:list schedulingGroup:map securityContext:map serviceAccount serviceAccountName "
    "setHostnameAsFQDN:bool shareProcessNamespace:bool subdomain terminationGracePeriodSeconds:int "
    "tolerations:list topologySpreadConstraints:list volumes:list"
)
_CONTAINER = (
    "args:list command:list env:list envFrom:list image!+ imagePullPolicy=Always|IfNotPresent|Never "
    "lifecycle:map livenessProbe:map name! ports:list readinessProbe:map resizePolicy:list "
    "resources:map restartPolicy restartPolicyRules:list securityContext:map startupProbe:map "
    "stdin:bool stdinOnce:bool terminationMessagePath terminationMessagePolicy tty:bool "
    "volumeDevices:list volumeMounts:list workingDir"
)
_VOLUME = (
    "awsElasticBlockStore:map azureDisk:map azureFile:map cephfs:map cinder:map configMap:map csi:map "
    "downwardAPI:map emptyDir:map ephemeral:map fc:map flexVolume:map flocker:map gcePersistentDisk:map "
    "gitRepo:map glusterfs:map hostPath:map image:map iscsi:map name! nfs:map persistentVolumeClaim:map "
    "photonPersistentDisk:map portworxVolume:map projected:map quobyte:map rbd:map scaleIO:map "
    "secret:map storageos:map vsphereVolume:map"
)
_CLAIM = "claimName! readOnly:bool"
_TEMPLATE = "metadata:map spec!:map"
_JOB = (
    "activeDeadlineSeconds:int backoffLimit:int backoffLimitPerIndex:int completionMode completions:int "
    "managedBy manualSelector:bool maxFailedIndexes:int parallelism:int podFailurePolicy:map "
    "podReplacementPolicy selector:map successPolicy:map suspend:bool template!:map "
    "ttlSecondsAfterFinished:int"
)
_ENDED = "containerID exitCode!:int finishedAt:time message reason signal:int startedAt:time"
_OWN = "apiVersion! kind! metadata!:map"
SCHEMAS: Mapping[str, Schema] = {
    "namespaces": Schema(
        {
            "spec": "finalizers:list",
            "status": "conditions:list phase=Active|Terminating",
        },
    ),
    "nodes": Schema(
        {
            "spec": (
                "configSource:map externalID podCIDR podCIDRs:list providerID taints:list unschedulable:bool"
            ),
            "spec.taints[]": "effect!=NoSchedule|PreferNoSchedule|NoExecute key! timeAdded:time value",
            "status": (
                "addresses:list allocatable:map capacity:map conditions:list config:map "
                "daemonEndpoints:map declaredFeatures:list features:map images:list nodeInfo:map phase "
                "runtimeHandlers:list volumesAttached:list volumesInUse:list"
            ),
            "status.addresses[]": "address! type!=Hostname|InternalIP|ExternalIP|InternalDNS|ExternalDNS",
            "status.conditions[]": (
                "lastHeartbeatTime:time lastTransitionTime:time message reason "
                "status!=True|False|Unknown type!"
            ),
            "status.nodeInfo": (
                "architecture! bootID! containerRuntimeVersion! kernelVersion! kubeProxyVersion! "
                "kubeletVersion! machineID! operatingSystem! osImage! swap:map systemUUID!"
            ),
        },
    ),
    "persistentvolumes": Schema(
        {
            "spec": (
                "accessModes!:list awsElasticBlockStore:map azureDisk:map azureFile:map capacity!:map "
                "cephfs:map cinder:map claimRef:map csi:map fc:map flexVolume:map flocker:map "
                "gcePersistentDisk:map glusterfs:map hostPath:map iscsi:map local:map mountOptions:list "
                "nfs:map nodeAffinity:map persistentVolumeReclaimPolicy=Recycle|Delete|Retain "
                "photonPersistentDisk:map portworxVolume:map quobyte:map rbd:map scaleIO:map "
                "storageClassName storageos:map volumeAttributesClassName volumeMode vsphereVolume:map"
            ),
            "status": (
                "lastPhaseTransitionTime:time message phase=Pending|Available|Bound|Released|Failed reason"
            ),
        },
        required=("spec",),
    ),
    "persistentvolumeclaims": Schema(
        {
            "spec": (
                "accessModes!:list dataSource:map dataSourceRef:map resources!:map selector:map "
                "storageClassName volumeAttributesClassName volumeMode volumeName"
            ),
            "spec.resources": "limits:map requests!:map",
            "status": (
                "accessModes:list allocatedResourceStatuses:map allocatedResources:map capacity:map "
                "conditions:list currentVolumeAttributesClassName modifyVolumeStatus:map "
                "phase=Pending|Bound|Lost"
            ),
        },
        required=("spec",),
    ),
    "pods": Schema(
        {
            "spec": _POD,
            "spec.containers[]": _CONTAINER,
            "spec.containers[].env[]": "name! value valueFrom:map",
            "spec.volumes[]": _VOLUME,
            "spec.volumes[].persistentVolumeClaim": _CLAIM,
            "spec.volumes[].projected": "defaultMode:int sources:list",
            "status": (
                "allocatedResources:map conditions:list containerStatuses:list "
                "ephemeralContainerStatuses:list extendedResourceClaimStatus:map hostIP hostIPs:list "
                "initContainerStatuses:list message nodeAllocatableResourceClaimStatuses:list "
                "nominatedNodeName observedGeneration:int "
                "phase=Pending|Running|Succeeded|Failed|Unknown podIP podIPs:list "
                "qosClass=BestEffort|Burstable|Guaranteed reason resize resourceClaimStatuses:list "
                "resources:map startTime:time"
            ),
            "status.conditions[]": (
                "lastProbeTime:time lastTransitionTime:time message observedGeneration:int reason "
                "status!=True|False|Unknown type!"
            ),
            "status.containerStatuses[]": (
                "allocatedResources:map allocatedResourcesStatus:list containerID image! imageID! "
                "lastState:map name! ready!:bool resources:map restartCount!:int started:bool state:map "
                "stopSignal user:map volumeMounts:list"
            ),
            "status.containerStatuses[].lastState": "running:map terminated:map waiting:map",
            "status.containerStatuses[].lastState.terminated": _ENDED,
            "status.containerStatuses[].state": "running:map terminated:map waiting:map",
            "status.containerStatuses[].state.running": "startedAt:time",
            "status.containerStatuses[].state.terminated": _ENDED,
            "status.containerStatuses[].state.waiting": "message reason",
        },
        required=("spec",),
    ),
    "services": Schema(
        {
            "spec": (
                "allocateLoadBalancerNodePorts:bool clusterIP clusterIPs:list externalIPs:list "
                "externalName externalTrafficPolicy healthCheckNodePort:int internalTrafficPolicy "
                "ipFamilies:list ipFamilyPolicy loadBalancerClass loadBalancerIP "
                "loadBalancerSourceRanges:list ports:list publishNotReadyAddresses:bool selector:map "
                "sessionAffinity sessionAffinityConfig:map trafficDistribution "
                "type=ClusterIP|NodePort|LoadBalancer|ExternalName"
            ),
            "spec.ports[]": "appProtocol name nodePort:int port!:int protocol=TCP|UDP|SCTP targetPort:any",
            "status": "conditions:list loadBalancer:map",
            "status.loadBalancer": "ingress:list",
        },
        required=("spec",),
    ),
    "events": Schema(
        {
            "": (
                f"{_OWN} action count:int eventTime?:time firstTimestamp?:time involvedObject!:map "
                "lastTimestamp?:time message reason related:map reportingComponent reportingInstance "
                "series:map source:map type=Normal|Warning"
            ),
            "involvedObject": "apiVersion fieldPath kind name namespace resourceVersion uid",
            "source": "component host",
        },
    ),
    "deployments.apps": Schema(
        {
            "spec": (
                "minReadySeconds:int paused:bool progressDeadlineSeconds:int replicas:int "
                "revisionHistoryLimit:int selector!:map strategy:map template!:map"
            ),
            "spec.selector": "matchExpressions:list matchLabels:map",
            "spec.template": _TEMPLATE,
            "spec.template.spec": _POD,
            "spec.template.spec.containers[]": _CONTAINER,
            "spec.template.spec.volumes[]": _VOLUME,
            "spec.template.spec.volumes[].persistentVolumeClaim": _CLAIM,
            "status": (
                "availableReplicas:int collisionCount:int conditions:list observedGeneration:int "
                "readyReplicas:int replicas:int terminatingReplicas:int unavailableReplicas:int "
                "updatedReplicas:int"
            ),
            "status.conditions[]": (
                "lastTransitionTime:time lastUpdateTime:time message reason status!=True|False|Unknown type!"
            ),
        },
        required=("spec",),
    ),
    "replicasets.apps": Schema(
        {
            "spec": "minReadySeconds:int replicas:int selector!:map template!:map",
            "spec.selector": "matchExpressions:list matchLabels:map",
            "spec.template": _TEMPLATE,
            "spec.template.spec": _POD,
            "spec.template.spec.containers[]": _CONTAINER,
            "status": (
                "availableReplicas:int conditions:list fullyLabeledReplicas:int observedGeneration:int "
                "readyReplicas:int replicas!:int terminatingReplicas:int"
            ),
        },
        required=("spec",),
    ),
    "statefulsets.apps": Schema(
        {
            "spec": (
                "minReadySeconds:int ordinals:map persistentVolumeClaimRetentionPolicy:map "
                "podManagementPolicy replicas:int revisionHistoryLimit:int selector!:map serviceName "
                "template!:map updateStrategy:map volumeClaimTemplates:list"
            ),
            "spec.template": _TEMPLATE,
            "spec.template.spec": _POD,
            "spec.template.spec.containers[]": _CONTAINER,
            "status": (
                "availableReplicas:int collisionCount:int conditions:list currentReplicas:int "
                "currentRevision observedGeneration:int readyReplicas:int replicas!:int updateRevision "
                "updatedReplicas:int"
            ),
        },
        required=("spec",),
    ),
    "daemonsets.apps": Schema(
        {
            "spec": (
                "minReadySeconds:int revisionHistoryLimit:int selector!:map template!:map updateStrategy:map"
            ),
            "spec.template": _TEMPLATE,
            "spec.template.spec": _POD,
            "spec.template.spec.containers[]": _CONTAINER,
            "status": (
                "collisionCount:int conditions:list currentNumberScheduled!:int "
                "desiredNumberScheduled!:int numberAvailable:int numberMisscheduled!:int "
                "numberReady!:int numberUnavailable:int observedGeneration:int "
                "updatedNumberScheduled:int"
            ),
        },
        required=("spec",),
    ),
    "jobs.batch": Schema(
        {
            "spec": _JOB,
            "spec.template": _TEMPLATE,
            "spec.template.spec": _POD,
            "spec.template.spec.containers[]": _CONTAINER,
            "status": (
                "active:int completedIndexes completionTime:time conditions:list failed:int "
                "failedIndexes ready:int startTime:time succeeded:int terminating:int "
                "uncountedTerminatedPods:map"
            ),
            "status.conditions[]": (
                "lastProbeTime:time lastTransitionTime:time message reason status!=True|False|Unknown type!"
            ),
        },
        required=("spec",),
    ),
    "cronjobs.batch": Schema(
        {
            "spec": (
                "concurrencyPolicy=Allow|Forbid|Replace failedJobsHistoryLimit:int jobTemplate!:map "
                "schedule! startingDeadlineSeconds:int successfulJobsHistoryLimit:int suspend:bool "
                "timeZone"
            ),
            "spec.jobTemplate": _TEMPLATE,
            "spec.jobTemplate.spec": _JOB,
            "spec.jobTemplate.spec.template": _TEMPLATE,
            "spec.jobTemplate.spec.template.spec": _POD,
            "spec.jobTemplate.spec.template.spec.containers[]": _CONTAINER,
            "status": "active:list lastScheduleTime:time lastSuccessfulTime:time",
        },
        required=("spec",),
    ),
    "ingresses.networking.k8s.io": Schema(
        {
            "spec": "defaultBackend:map ingressClassName rules:list tls:list",
            "spec.rules[]": "host http:map",
            "spec.rules[].http": "paths!:list",
            "spec.rules[].http.paths[]": "backend!:map path pathType!=Exact|Prefix|ImplementationSpecific",
            "spec.rules[].http.paths[].backend": "resource:map service:map",
            "spec.rules[].http.paths[].backend.service": "name! port:map",
            "spec.rules[].http.paths[].backend.service.port": "name number:int",
            "spec.tls[]": "hosts:list secretName",
            "status": "loadBalancer:map",
            "status.loadBalancer": "ingress:list",
            "status.loadBalancer.ingress[]": "hostname ip ports:list",
        },
    ),
    "configmaps": Schema({"": f"{_OWN} binaryData:map data:map immutable:bool"}),
    "secrets": Schema({"": f"{_OWN} data:map immutable:bool stringData:map type"}),
}
