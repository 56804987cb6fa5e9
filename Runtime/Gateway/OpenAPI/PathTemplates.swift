import Manifests

/// Where each route stands in a description: below `PREFIX`, versions other than the default below their name.
enum PathTemplates {
    /// One address with everything that can be done there.
    struct Path {
        /// The address, `/v2/users/{id}`.
        var template: String
        /// Its operations, in the manifest's order.
        var operations: [Operation]
    }

    /// One route of one function.
    struct Operation {
        /// A parameter of the path.
        struct Parameter: Equatable {
            /// The name that the function knows it by.
            var name: String
            /// The name that it has in the template, which all methods of an address share.
            var shown: String
            /// Whether it takes all that follows too.
            var isRest: Bool
        }

        /// The function's settings.
        var function: FunctionSettings
        /// The route.
        var route: RoutePattern
        /// Unique in the document: the function's name, for its further routes with a number.
        var id: String
        /// In the path's order.
        var parameters: [Parameter]
        /// Whether the version header has a say here: the address names no version.
        var choosesVersion: Bool
    }

    /// Every address, in the order in which the manifest first has it.
    static func paths(of manifest: Manifest) -> [Path] {
        var paths: [Path] = []
        var places: [String: Int] = [:]
        var ids = Set(manifest.functions.map(\.name.rawValue))
        let plain = plainShapes(of: manifest)
        let hasSeveralVersions = hasSeveralVersions(manifest)
        for function in manifest.functions {
            let version = version(of: function, in: manifest)
            for (index, route) in function.routes.enumerated() {
                let shape = version + shape(route, marksRest: true)
                // A template cannot say that a parameter takes slashes too. Where that is all that tells two addresses
                // apart, its name does.
                let marksRest = plain.contains(version + self.shape(route, marksRest: false))
                let place = places[shape] ?? paths.count
                if place == paths.count {
                    let template = version + template(route, marksRest: marksRest)
                    paths.append(Path(template: template, operations: []))
                    places[shape] = place
                }
                let names = paths[place].operations.first?.parameters.map(\.shown)
                paths[place].operations.append(
                    Operation(
                        function: function, route: route,
                        id: index == 0 ? function.name.rawValue : numbered(function.name.rawValue, index + 1, &ids),
                        parameters: parameters(route, names: names, marksRest: marksRest),
                        choosesVersion: version.isEmpty && hasSeveralVersions))
            }
        }
        return paths
    }

    /// Whether functions belong to more than one version.
    static func hasSeveralVersions(_ manifest: Manifest) -> Bool {
        guard let versions = manifest.versions else { return false }
        return manifest.functions.contains { $0.version != versions.default }
    }

    /// `/v2`, or nothing for the default version.
    private static func version(of function: FunctionSettings, in manifest: Manifest) -> String {
        guard let versions = manifest.versions, function.version != versions.default else { return "" }
        return "/" + function.version
    }

    /// The shapes of the routes whose last part is no rest.
    private static func plainShapes(of manifest: Manifest) -> Set<String> {
        var shapes: Set<String> = []
        for function in manifest.functions {
            for route in function.routes {
                if case .rest? = route.segments.last { continue }
                shapes.insert(version(of: function, in: manifest) + shape(route, marksRest: false))
            }
        }
        return shapes
    }

    /// The path without its parameters' names: what no two addresses may share.
    private static func shape(_ route: RoutePattern, marksRest: Bool) -> String {
        route.segments.map {
            switch $0 {
            case .literal(let text): "/" + text
            case .parameter: "/{}"
            case .rest: marksRest ? "/{+}" : "/{}"
            }
        }.joined()
    }

    private static func template(_ route: RoutePattern, marksRest: Bool) -> String {
        route.segments.map {
            switch $0 {
            case .literal(let text): "/" + text
            case .parameter(let name): "/{\(name)}"
            case .rest(let name): marksRest ? "/{\(name)+}" : "/{\(name)}"
            }
        }.joined()
    }

    /// - Parameter names: those that the address has already; nil: it is new.
    private static func parameters(
        _ route: RoutePattern, names: [String]?, marksRest: Bool
    ) -> [Operation.Parameter] {
        var parameters: [Operation.Parameter] = route.segments.compactMap {
            switch $0 {
            case .literal: nil
            case .parameter(let name): Operation.Parameter(name: name, shown: name, isRest: false)
            case .rest(let name):
                Operation.Parameter(name: name, shown: marksRest ? name + "+" : name, isRest: true)
            }
        }
        for (index, name) in (names ?? []).enumerated() where index < parameters.count {
            parameters[index].shown = name
        }
        return parameters
    }

    private static func numbered(_ name: String, _ number: Int, _ ids: inout Set<String>) -> String {
        var id = "\(name)_\(number)"
        while !ids.insert(id).inserted { id += "_" }
        return id
    }
}
