import FunctionKit
import Glibc

/// A handler that takes as long as it is told, waiting or computing; for the end-to-end tests.
@main struct SleepProbe: Function {
    struct Input: Decodable, Sendable {
        var ms: Int?
        var spin: Bool?
        var trap: Bool?
    }
    struct Answer: Encodable, Sendable {
        let pid: Int32
    }

    init(_ startup: Startup) async throws {
        if startup.environment["FAIL_AT_START"] == "yes" { throw APIError.conflict("told to fail at start") }
    }

    func handle(_ input: Input, _ context: Context) async throws -> Answer {
        if input.trap == true { abort() }
        let milliseconds = input.ms ?? 5
        if input.spin == true {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            let end = now.tv_sec * 1000 + now.tv_nsec / 1_000_000 + milliseconds
            while now.tv_sec * 1000 + now.tv_nsec / 1_000_000 < end { clock_gettime(CLOCK_MONOTONIC, &now) }
        } else {
            try await Task.sleep(for: .milliseconds(milliseconds))
        }
        return Answer(pid: getpid())
    }
}
