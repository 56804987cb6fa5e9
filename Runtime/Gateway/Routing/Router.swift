import Manifests
import WireProtocol

/// Finds the route of a request: prefix, version in the path or by the header, then the version's own tree.
final class Router: Sendable {
    /// What became of a request's path.
    struct Finding {
        /// How the search ended.
        enum Outcome {
            case route(UnsafePointer<RouteEntry>)
            /// The path exists with these methods only.
            case otherMethods(MethodSet)
            /// There is nothing.
            case nothing
            /// The version header names no version.
            case unknownVersion
        }
        var outcome: Outcome
        /// Where the path's first segment behind prefix and version begins.
        var start: Int
        /// Whether the path names its version: the header then has no say.
        var versionInPath: Bool
    }

    /// A version's name, in `names`, and its root in the trie.
    private struct Version {
        let start: Int
        let count: Int
        let root: Int
    }

    /// Every method that any route has.
    let methods: MethodSet
    private let entries: FrozenTable<RouteEntry>
    private let trie: RouteTrie
    private let prefix: FrozenTable<UInt8>
    private let names: FrozenTable<UInt8>
    /// The one that a request means that names none stands first.
    private let versions: FrozenTable<Version>
    /// Whether requests can name a version at all.
    private let isVersioned: Bool

    /// - Parameter policies: those of the manifest's functions, in its order.
    init(_ manifest: Manifest, _ policies: [FunctionPolicy]) {
        let standard = manifest.versions?.default ?? ""
        var builder = RouteTrieBuilder()
        var roots = [standard: builder.addRoot()]
        var order = [standard]
        var entries: [RouteEntry] = []
        var methods: MethodSet = []
        for (function, policy) in zip(manifest.functions, policies) {
            let version = manifest.versions == nil ? standard : function.version
            let root = roots[version] ?? builder.addRoot()
            if roots.updateValue(root, forKey: version) == nil { order.append(version) }
            for pattern in function.routes {
                guard let method = Method(pattern.method) else { continue }
                methods.insert(MethodSet(method))
                builder.add(pattern.segments, method, route: entries.count, root: root)
                entries.append(RouteEntry(pattern, policy))
            }
        }
        var names: [UInt8] = []
        var versions: [Version] = []
        for name in order {
            versions.append(Version(start: names.count, count: name.utf8.count, root: roots[name] ?? 0))
            names += name.utf8
        }
        self.methods = methods
        self.entries = FrozenTable(entries)
        self.names = FrozenTable(names)
        self.versions = FrozenTable(versions)
        trie = RouteTrie(builder)
        prefix = FrozenTable(Array(manifest.server.prefix.utf8))
        isVersioned = manifest.versions != nil
    }

    /// The route for a normalised path.
    ///
    /// - Parameter version: the version header's value; nil: there is none.
    func find(_ path: UnsafeRawBufferPointer, _ method: Method, version: UnsafeRawBufferPointer?) -> Finding {
        var start = prefix.count
        guard path.count >= start, path.part(0..<start).isEqual(to: prefix.base),
            path.count == start || path[start] == UInt8(ascii: "/")
        else { return Finding(outcome: .nothing, start: 0, versionInPath: false) }
        // The prefix alone, or the version alone, is the route `/`, with or without a slash behind it.
        start = min(start + 1, path.count)
        guard isVersioned else { return search(versions.base[0], path, start, method, versionInPath: false) }
        for index in 0..<versions.count {
            let version = versions.base[index]
            let end = start + version.count
            guard end <= path.count, end == path.count || path[end] == UInt8(ascii: "/"),
                path.part(start..<end).isEqual(to: names.base + version.start)
            else { continue }
            return search(version, path, min(end + 1, path.count), method, versionInPath: true)
        }
        guard let named = version else {
            return search(versions.base[0], path, start, method, versionInPath: false)
        }
        for index in 0..<versions.count {
            let version = versions.base[index]
            if named.count == version.count, named.isEqual(to: names.base + version.start) {
                return search(version, path, start, method, versionInPath: false)
            }
        }
        return Finding(outcome: .unknownVersion, start: start, versionInPath: false)
    }

    /// The methods of a path in the version that it names, or else in all versions together: of a preflight nobody can
    /// know which one the request to come will name by its header.
    func methods(at path: UnsafeRawBufferPointer) -> MethodSet {
        // No route has CONNECT, so that this finds all the others.
        let finding = find(path, .connect, version: nil)
        var methods: MethodSet = []
        if case .otherMethods(let found) = finding.outcome { methods = found }
        guard !finding.versionInPath, isVersioned else { return methods }
        for index in 1..<max(1, versions.count) {
            let other = search(versions.base[index], path, finding.start, .connect, versionInPath: false)
            if case .otherMethods(let found) = other.outcome { methods.formUnion(found) }
        }
        return methods
    }

    @inline(__always)
    private func search(
        _ version: Version, _ path: UnsafeRawBufferPointer, _ start: Int, _ method: Method,
        versionInPath: Bool
    ) -> Finding {
        let match = trie.match(path, from: start, method, root: version.root)
        let outcome: Finding.Outcome =
            if match.route >= 0 {
                .route(entries.base + match.route)
            } else {
                match.allowed.isEmpty ? .nothing : .otherMethods(match.allowed)
            }
        return Finding(outcome: outcome, start: start, versionInPath: versionInPath)
    }
}
