"""cert-manager: certificates and issuers.

Source: the CRDs of cert-manager 1.21.1 (`deploy/crds`, cert-manager).
"""

from collections.abc import Mapping

from .schema import Schema

_CONDITION = "lastTransitionTime:time message observedGeneration:int reason status!=True|False|Unknown type!"
_SPEC = "acme:map ca:map selfSigned:map vault:map venafi:map"
SCHEMAS: Mapping[str, Schema] = {
    "certificates.cert-manager.io": Schema(
        {
            "spec": (
                "additionalOutputFormats:list commonName dnsNames:list duration emailAddresses:list "
                "encodeUsagesInRequest:bool ipAddresses:list isCA:bool issuerRef!:map keystores:map "
                "literalSubject nameConstraints:map otherNames:list privateKey:map renewBefore "
                "renewBeforePercentage:int renewal:map revisionHistoryLimit:int secretName! "
                "secretTemplate:map signatureAlgorithm=SHA256WithRSA|SHA384WithRSA|SHA512WithRSA|"
                "ECDSAWithSHA256|ECDSAWithSHA384|ECDSAWithSHA512|PureEd25519 subject:map uris:list "
                "usages:list"
            ),
            "spec.issuerRef": "group kind name!",
            "status": (
                "acme:map conditions:list failedIssuanceAttempts:int lastFailureTime:time "
                "nextPrivateKeySecretName notAfter:time notBefore:time renewalTime:time revision:int"
            ),
            "status.conditions[]": _CONDITION,
        },
    ),
    "clusterissuers.cert-manager.io": Schema(
        {
            "spec": _SPEC,
            "spec.ca": "crlDistributionPoints:list issuingCertificateURLs:list ocspServers:list secretName!",
            "status": "acme:map conditions:list",
            "status.conditions[]": _CONDITION,
        },
        required=("spec",),
        one_of=(("spec.acme", "spec.ca", "spec.selfSigned", "spec.vault", "spec.venafi"),),
    ),
    "issuers.cert-manager.io": Schema(
        {
            "spec": _SPEC,
            "spec.acme": (
                "caBundle disableAccountKeyGeneration:bool email enableDurationFeature:bool "
                "externalAccountBinding:map preferredChain privateKeySecretRef!:map profile "
                "renewalInformationSource=ARI|None server! skipTLSVerify:bool solvers:list"
            ),
            "spec.acme.privateKeySecretRef": "key name!",
            "status": "acme:map conditions:list",
            "status.conditions[]": _CONDITION,
        },
        required=("spec",),
        one_of=(("spec.acme", "spec.ca", "spec.selfSigned", "spec.vault", "spec.venafi"),),
    ),
}
