import Foundation
import Synchronization

/// GETs of one target over so many connections, a thread each, until it is stopped, whatever comes back.
final class Traffic: Sendable {
    private struct State {
        var good = 0
        var failures: [String: Int] = [:]
        var broken: [String] = []
        /// When each client asked for its latest answer, if that was a good one.
        var latest: [Int: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())
    private let stopping = Atomic<Bool>(false)
    private let group = DispatchGroup()
    private let connections: Int

    /// How many answers were 200 so far.
    var good: Int { state.withLock { $0.good } }
    /// The other answers so far, each with its status and the code of the envelope, and how many there were.
    var failures: [String: Int] { state.withLock { $0.failures } }
    /// How many there were.
    var failed: Int { failures.values.reduce(0, +) }
    /// What was no answer, or no envelope.
    var broken: [String] { state.withLock { $0.broken } }

    init(port: Int, target: String, connections: Int, headers: [String] = []) {
        self.connections = connections
        for number in 0..<connections {
            group.enter()
            Thread.detachNewThread { [self] in
                defer { group.leave() }
                do { try run(number, port, target, headers) } catch { state.withLock { $0.broken.append("\(error)") } }
            }
        }
    }

    /// Whether every client's latest answer was a good one, asked for after that moment.
    func isWell(since moment: ContinuousClock.Instant) -> Bool {
        state.withLock { state in state.latest.count == connections && state.latest.values.allSatisfy { $0 > moment } }
    }

    /// Ends it, and waits for the answers that are under way.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        group.wait()
    }

    private func run(_ number: Int, _ port: Int, _ target: String, _ headers: [String]) throws {
        var client = try APIClient(port: port, headers: headers)
        while !stopping.load(ordering: .relaxed) {
            let asked = ContinuousClock.now
            let answer = try client.get(target)
            if answer.status == 200 {
                state.withLock { state in
                    state.good += 1
                    state.latest[number] = asked
                }
            } else {
                let failure = "\(answer.status) \(try answer.errorCode())"
                state.withLock { state in
                    state.failures[failure, default: 0] += 1
                    state.latest[number] = nil
                }
            }
            if answer.header("connection") == "close" { client = try APIClient(port: port, headers: headers) }
        }
    }
}
