import Foundation
import Synchronization

/// Work that is done many times at once, each time on a thread and a connection of its own.
final class AtOnce<Value: Sendable>: Sendable {
    private let outcomes = Mutex<[Int: Result<Value, any Error>]>([:])

    /// Does it; what came of it, in the order of the numbers that the work was given.
    static func run(
        _ count: Int, port: Int, prefix: String = "", headers: [String] = [],
        _ work: @escaping @Sendable (_ number: Int, _ client: APIClient) throws -> Value
    ) throws -> [Value] {
        let all = AtOnce()
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread {
                let outcome = Result { try work(number, try APIClient(port: port, prefix: prefix, headers: headers)) }
                all.outcomes.withLock { $0[number] = outcome }
                group.leave()
            }
        }
        group.wait()
        return try all.outcomes.withLock { outcomes in
            try outcomes.sorted { $0.key < $1.key }.map { try $0.value.get() }
        }
    }
}
