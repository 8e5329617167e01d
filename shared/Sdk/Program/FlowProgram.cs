using System.Reflection;
using Holoflow.RunProtocol;

namespace Holoflow.Sdk;

/// <summary>
/// A program that holds flows. Its whole <c>Main</c> is <c>return await FlowProgram.RunAsync(args);</c>.
/// Started by an agent it executes one flow; started by hand it asks the <c>holoflow</c> command to run it.
/// </summary>
/// <remarks>
/// Exit codes: 0 the flow completed; 1 it failed, or its time was over; 2 the definitions or parameters are wrong, nothing was executed;
/// 130 or 143 it was cancelled (by Ctrl-C, or by a request or SIGTERM). A flow ends when its method and every task that it submitted
/// have ended: a future that nobody awaits is waited for, and fails the flow if its task failed. What runs after that (work that the
/// flow started without a task and without awaiting it) is cut off with the process.
/// </remarks>
public static class FlowProgram
{
    /// <summary>Runs the flows of the program that calls it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="cluster">The kind of cluster that its tasks can be executed on; null: none.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args, TaskCluster? cluster = null) => RunAsync(args, Assembly.GetEntryAssembly()!, cluster);

    /// <summary>Runs the flows of an assembly.</summary>
    public static async Task<int> RunAsync(string[] args, Assembly flows, TaskCluster? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(flows);
        if (Environment.GetEnvironmentVariable(RunEnvironment.DescribeTo) is { Length: > 0 } file)
            return await ProgramDescriber.Write(FlowCatalog.Of(flows), file);
        if (Environment.GetEnvironmentVariable(RunEnvironment.WorkerDirectory) is { Length: > 0 } allocation)
            return await TaskWorker.Run(flows, allocation);
        if (Environment.GetEnvironmentVariable(RunEnvironment.RunDirectory) is not { Length: > 0 } directory)
            return StartedByHand.Run(flows, args);
        var method = Environment.GetEnvironmentVariable(RunEnvironment.Method);
        return await RunAttempt.Run(FlowCatalog.Of(flows), new RunDirectory(directory), string.IsNullOrEmpty(method) ? null : method, cluster);
    }
}
