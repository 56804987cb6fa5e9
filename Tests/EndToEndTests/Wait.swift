import Foundation
import Testing

/// Waits until a condition holds, looking every few milliseconds; fails the test when it does not within the limit.
func eventually(
    _ what: String, within limit: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) rethrows {
    let end = ContinuousClock.now + limit
    while !(try condition()) {
        if ContinuousClock.now > end {
            Issue.record("not within \(limit): \(what)", sourceLocation: sourceLocation)
            return
        }
        var pause = timespec(tv_sec: 0, tv_nsec: 2_000_000)
        nanosleep(&pause, nil)
    }
}

/// Whether a process of this id exists and is no zombie.
func isAlive(_ pid: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    guard let state = stat.split(separator: ")").last?.split(separator: " ").first else { return false }
    return state != "Z" && state != "X"
}

/// The ids of all processes whose folder, environment or command line names this text.
func processes(naming text: String) -> [Int32] {
    let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return ids.compactMap { Int32($0) }.filter { pid in
        guard pid != getpid(), isAlive(pid) else { return false }
        let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
        return place?.contains(text) ?? false
            || ["cmdline", "environ"].contains { file in
                guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else { return false }
                return String(decoding: data, as: UTF8.self).contains(text)
            }
    }
}
