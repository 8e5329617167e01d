using Holoflow.Cli.Input;
using Holoflow.RunProtocol;

namespace Holoflow.Cli.Entrypoints;

/// <summary>A flow that can be run: where its program lies, and what it says of itself.</summary>
sealed record FoundFlow(Entrypoint Entrypoint, FlowDescription Flow);

/// <summary>Finds the flow that an entrypoint names, from the cache where the program has not changed.</summary>
sealed class FlowLookup(DescriptionCache cache, ProgramDescriber describer)
{
    static readonly TimeSpan StartToDescription = TimeSpan.FromSeconds(60);

    public static FlowLookup In(string home) => new(new DescriptionCache(home), new ProgramDescriber(StartToDescription));

    /// <summary>Finds the flow.</summary>
    /// <exception cref="CommandException">There is no such program, method or flow; the message lists what there is.</exception>
    public async Task<FoundFlow> Find(string text, CancellationToken cancellation)
    {
        var entrypoint = Entrypoint.Parse(text);
        var program = ProgramFile.Identify(entrypoint);
        var description = cache.Find(program);
        if (description is null)
        {
            description = await describer.Describe(entrypoint, cancellation);
            if (description.Mistakes.Count == 0)
                _ = cache.TryStore(program, description);
        }
        return new FoundFlow(entrypoint, Choose(entrypoint, description));
    }

    internal static FlowDescription Choose(Entrypoint entrypoint, ProgramDescription program)
    {
        if (program.Mistakes.Count > 0)
            throw CommandException.BadInput($"'{entrypoint.Path}' has mistakes in its flows: {string.Join("; ", program.Mistakes)}");
        if (program.Flows.Count == 0)
            throw CommandException.BadInput($"'{entrypoint.Path}' has no flow; mark a static method with [Flow]");
        var methods = program.Flows.Select(f => f.Method).ToList();
        if (entrypoint.Method is not { } method)
            return program.Flows.Count == 1
                ? program.Flows[0]
                : throw CommandException.BadInput($"'{entrypoint.Path}' has several flows; name one: {string.Join(", ", methods.Select(m => $"{Path.GetFileName(entrypoint.Path)}:{m}"))}");
        return program.Flows.FirstOrDefault(f => f.Method == method)
            ?? throw CommandException.BadInput($"'{entrypoint.Path}' has no flow method '{method}'; its flows are {string.Join(", ", methods)}{NearMatch.Clause(method, methods)}");
    }
}
