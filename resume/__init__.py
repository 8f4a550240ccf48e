"""The work-resumption system: evidence and a worker list become a verdict, a pass, a gate's answer."""
