"""k8sgpt: the order to analyse a cluster, and what was found.

Source: the CRDs of k8sgpt-operator 0.2.27 (`config/crd/bases`, k8sgpt-ai).
"""

from collections.abc import Mapping

from .schema import Schema

SCHEMAS: Mapping[str, Schema] = {
    "k8sgpts.core.k8sgpt.ai": Schema(
        {
            "spec": (
                "ai:map analysis:map containerSecurityContext:map customAnalyzers:list extraOptions:map "
                "filters:list imagePullPolicy imagePullSecrets:list integrations:map kubeconfig:map "
                "noCache:bool nodeSelector:map podAnnotations:map podLabels:map remoteCache:map "
                "repository resources:map securityContext:map sink:map targetNamespace version"
            ),
            "spec.ai": (
                "anonymized:bool autoRemediation:map azureAPIType=AZURE|AZURE_AD|CLOUDFLARE_AZURE "
                "backOff:map backend!=ibmwatsonxai|openai|localai|azureopenai|amazonbedrock|cohere|"
                "amazonsagemaker|google|googlevertexai|customrest baseUrl customHeaders enabled:bool "
                "engine language maxTokens model providerId proxyEndpoint region secret:map topk"
            ),
            "spec.ai.backOff": "enabled!:bool maxRetries!:int",
            "spec.analysis": "interval",
        },
    ),
    "mutations.core.k8sgpt.ai": Schema(
        {
            "spec": (
                "originConfiguration resource:map resourceGVK result:map similarityScore targetConfiguration"
            ),
            "status": "message phase:int",
        },
    ),
    "results.core.k8sgpt.ai": Schema(
        {
            "spec": "autoRemediationStatus!:map backend! details! error!:list kind! name! parentObject!",
            "spec.autoRemediationStatus": "phase:int",
            "spec.error[]": "sensitive:list text",
            "spec.error[].sensitive[]": "masked unmasked",
            "status": "contentHash lifecycle webhook",
        },
    ),
}
