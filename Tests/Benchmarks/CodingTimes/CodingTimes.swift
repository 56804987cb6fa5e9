import Foundation
import JSONCoding
// Foundation needs it, and does not say so where it is linked statically.
import Synchronization

/// Microseconds to encode and decode the document of 20 users, by JSONCoding and by Foundation in turns, as JSON.
@main
enum CodingTimes {
    struct User: Codable {
        var id: Int
        var name: String
        var email: String
        var role: String
        var createdAt: String
    }

    static let users = (0..<20).map {
        User(
            id: 1000 + $0, name: "Anna Lovelace \($0)", email: "anna.\($0)@example.com",
            role: $0 % 3 == 0 ? "admin" : "member", createdAt: "2025-11-21T04:48:00.123Z")
    }

    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 5
        let document = try JSONEncoding.encode(users)
        let data = Data(document)
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        let measured: [(name: String, times: Int, work: () throws -> Int)] = [
            ("encode", 10_000, { try JSONEncoding.encode(users).count }),
            ("decode", 10_000, { try JSONDecoding.decode([User].self, from: document).count }),
            ("foundationEncode", 2_000, { try encoder.encode(users).count }),
            ("foundationDecode", 2_000, { try decoder.decode([User].self, from: data).count }),
        ]
        var took: [String: [Double]] = [:]
        for round in 0...max(1, rounds) {
            for (name, times, work) in measured {
                let microseconds = try time(times, work)
                // The first round warms up.
                if round > 0 { took[name, default: []].append(microseconds) }
            }
        }
        var figures = took.mapValues { $0.sorted()[$0.count / 2] }
        figures["bytes"] = Double(document.count)
        print(String(decoding: try JSONEncoding.encode(figures), as: UTF8.self))
    }

    /// Microseconds for each of so many times.
    private static func time(_ times: Int, _ work: () throws -> Int) throws -> Double {
        var sum = 0
        let start = ContinuousClock.now
        for _ in 0..<times { sum &+= try work() }
        let took = ContinuousClock.now - start
        // Used, so that nothing is optimised away.
        guard sum > 0 else { throw CocoaError(.coderInvalidValue) }
        let (seconds, attoseconds) = took.components
        return (Double(seconds) * 1e6 + Double(attoseconds) / 1e12) / Double(times)
    }
}
