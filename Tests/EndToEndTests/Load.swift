import Foundation
import Synchronization

/// GETs over so many connections, a thread each, until it is stopped; every answer that is not 200 is a problem.
final class Load: Sendable {
    private struct State {
        /// Answers by connection.
        var answered: [Int]
        var problems: [String] = []
    }

    private let state: Mutex<State>
    private let stopping = Atomic<Bool>(false)
    private let group = DispatchGroup()

    /// How many answers each connection has had.
    var answered: [Int] { state.withLock { $0.answered } }
    var problems: [String] { state.withLock { $0.problems } }

    init(port: Int, target: String, connections: Int) throws {
        state = Mutex(State(answered: Array(repeating: 0, count: connections)))
        for connection in 0..<connections {
            group.enter()
            Thread.detachNewThread { [self] in
                defer { group.leave() }
                do {
                    let client = try APIClient(port: port)
                    while !stopping.load(ordering: .relaxed) {
                        let answer = try client.get(target)
                        state.withLock { state in
                            state.answered[connection] += 1
                            if answer.status != 200 { state.problems.append("\(answer.status): \(answer.text)") }
                        }
                    }
                } catch {
                    state.withLock { $0.problems.append("\(error)") }
                }
            }
        }
    }

    /// Ends the load and waits for the answers that are under way.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        group.wait()
    }
}
