import Glibc

var probe = WorkerProbe()
exit(probe.run())
