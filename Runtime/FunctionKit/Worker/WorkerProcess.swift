@preconcurrency import Glibc
import WorkerLoop

/// The process around a function: from `main` to its end.
///
/// Exit codes: 0 the gateway said so or is gone, 1 the start failed or the gateway broke the protocol, 2 started by
/// hand.
enum WorkerProcess {
    /// Runs the worker on the calling thread, and ends the process.
    static func run<Handler: Function>(_ type: Handler.Type) -> Never {
        guard let socket = WorkerSocket() else {
            end(2, "\(type): this is a Swiftlet function; run it with `swiftlet invoke \(type)`")
        }
        // A line that is printed is a line of the log at once, and a reader that went away is no reason to end.
        setvbuf(stdout, nil, Int32(_IOLBF), 0)
        signal(SIGPIPE, SIG_IGN)
        // What the bodies on their way take, which is a link's window.
        WorkerLoop.keepFreedMemory(2 * 1024 * 1024)
        do {
            let loop = try WorkerLoop.installAsGlobal()
            let shell = WorkerShell<Handler>(socket: socket, loop: loop, environment: environment())
            try shell.begin()
            try StopSignal.watch(on: loop) { shell.stopSoon() }
            loop.run()
            end(0)
        } catch {
            end(1, "\(type): \(error)")
        }
    }

    /// Ends the process, after what was printed is written; with a sentence on standard error if there is one to say.
    static func end(_ code: Int32, _ sentence: String? = nil) -> Never {
        if let sentence { fputs(sentence + "\n", stderr) }
        fflush(nil)
        // Without handlers of `atexit`: libraries may have left some that wait.
        _exit(code)
    }

    private static func environment() -> [String: String] {
        var found: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let sign = text.utf8.firstIndex(of: 0x3D) {
                found[String(text[..<sign])] = String(text[text.index(after: sign)...])
            }
            next += 1
        }
        return found
    }
}

extension Function {
    /// Runs the worker: called by `@main`, and never returns. Started by hand, without the gateway's socket, it says so
    /// and exits with 2.
    public static func main() {
        WorkerProcess.run(Self.self)
    }
}
