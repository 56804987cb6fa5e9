import Manifests
import WireProtocol

/// One route of one function: what is known of it once a path has matched.
struct RouteEntry: Sendable {
    /// A parameter and which of the path's segments it is, from 0 behind prefix and version.
    struct Parameter: Sendable {
        let name: String
        let segment: Int
        /// Whether it takes all that follows too.
        let isRest: Bool
    }

    /// The function's policy. The first member: see `policy` of a pointer to an entry.
    let policy: FunctionPolicy
    /// The path as the manifest has it, `/users/{id}`.
    let path: String
    /// In the path's order.
    let parameters: [Parameter]

    init(_ pattern: RoutePattern, _ policy: FunctionPolicy) {
        self.policy = policy
        path = pattern.path
        parameters = pattern.segments.enumerated().compactMap { index, segment in
            switch segment {
            case .literal: nil
            case .parameter(let name): Parameter(name: name, segment: index, isRest: false)
            case .rest(let name): Parameter(name: name, segment: index, isRest: true)
            }
        }
    }

    /// Whether a path that matches has values to be cut from it.
    var hasParameters: Bool { !parameters.isEmpty }

    /// The values of the parameters in a path that matched, whose first segment begins at `start`.
    func values(in path: [UInt8], from start: Int) -> [Invocation.Parameter] {
        var values: [Invocation.Parameter] = []
        values.reserveCapacity(parameters.count)
        path.withUnsafeBytes { path in
            var position = start
            var segment = 0
            for parameter in parameters {
                while segment < parameter.segment {
                    position = Self.end(of: position, in: path) + 1
                    segment += 1
                }
                guard position <= path.count else { return }
                let end = parameter.isRest ? path.count : Self.end(of: position, in: path)
                let text = String(decoding: path[position..<end], as: UTF8.self)
                values.append(Invocation.Parameter(parameter.name, text))
            }
        }
        return values
    }

    private static func end(of start: Int, in path: UnsafeRawBufferPointer) -> Int {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }
}

extension UnsafePointer<RouteEntry> {
    /// The function's policy in its place: to read one member of it retains nothing of the others.
    @inline(__always)
    var policy: UnsafePointer<FunctionPolicy> {
        assert(MemoryLayout<RouteEntry>.offset(of: \.policy) == 0)
        return UnsafeRawPointer(self).assumingMemoryBound(to: FunctionPolicy.self)
    }
}
