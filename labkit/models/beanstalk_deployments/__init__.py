"""How Elastic Beanstalk brings a new version onto a fleet, by each of its deployment policies.

    from labkit.models.beanstalk_deployments.deployment import deploy
    from labkit.models.beanstalk_deployments.settings import ROLLING, Environment, Version

    trace = deploy(Environment(ROLLING, instances=4, batch=2), Version(fault="errors"))
    trace.failed              # True: Beanstalk stopped the deployment
    trace.failing_most        # 0.5: the largest share of requests that met failing code
    trace.events              # every change of an instance: at_s, instance, version, state, health
    trace.steps               # what Beanstalk or its operator did: at_s, what (a What), count
    trace.moments             # between two changes: capacity, and who meets old, new, failing code

`settings` has what is set, `batches` the options that set a batch, `trace` what happened and what
follows from it, `fleet` the instances while a deployment runs, `deployment` the policies, and
`standing` an environment that is created and deployed to more than once. Times are in seconds from
the start of the deployment. Nothing is by chance: the same settings give the same trace.
"""
