/// The request that the current task works for.
public enum CurrentInvocation {
    /// Set while a handler runs, and in the tasks that it makes; nil in a function's start, and outside functions.
    @TaskLocal public static var scope: (any InvocationScope)?
}
