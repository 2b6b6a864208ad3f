"""What botocore's own rules make of every Region of every partition, as JSON lines: Region, FIPS, dual-stack, URL."""

import json

import botocore.session
from botocore.endpoint_provider import EndpointProvider

loader = botocore.session.Session().get_component("data_loader")
partitions = loader.load_data("partitions")
rules = loader.load_service_model("cognito-idp", "endpoint-rule-set-1")
provider = EndpointProvider(ruleset_data=rules, partition_data=partitions)
for partition in partitions["partitions"]:
    for region in partition["regions"]:
        for fips in (False, True):
            for dualstack in (False, True):
                endpoint = provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dualstack)
                print(json.dumps({"region": region, "fips": fips, "dualstack": dualstack, "url": endpoint.url}))
