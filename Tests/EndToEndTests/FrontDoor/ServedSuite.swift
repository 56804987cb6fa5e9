import Foundation
import Testing

/// One server for all tests of a suite: started before the first, stopped after the last.
struct ServedSuite: SuiteTrait, TestScoping {
    let functions: String
    var server = ""
    var top = ""

    /// Where the suite's tests find it.
    @TaskLocal static var current: Shared?

    /// The server as parallel tests share it: none of them stops it or changes it.
    final class Shared: @unchecked Sendable {
        // Unchecked: nothing of it changes between its start and its end.
        let served: ServedAPI
        init(_ served: ServedAPI) { self.served = served }
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let shared = Shared(try ServedAPI(functions: functions, top: top, server: server))
        defer { shared.served.stop() }
        try await ServedSuite.$current.withValue(shared) { try await function() }
    }

    /// The suite's server.
    static var served: ServedAPI {
        get throws {
            guard let current else { throw TestFailure("the suite has no server") }
            return current.served
        }
    }
}

extension Trait where Self == ServedSuite {
    /// One server of these functions, and of these further keys of `server` and of the manifest's top.
    static func served(_ functions: String, server: String = "", top: String = "") -> ServedSuite {
        ServedSuite(functions: functions, server: server, top: top)
    }
}
