using System.Text.Json;
using System.Text.Json.Nodes;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Cli.Entrypoints;

/// <summary>Checks parameters against a flow's schema before anything is created.</summary>
static class ParameterChecks
{
    /// <summary>The parameters of a run: all that the flow requires must be there.</summary>
    /// <exception cref="CommandException">All mistakes, in one line.</exception>
    public static JsonElement Complete(FoundFlow found, JsonObject parameters) => Checked(found.Flow.ParameterSchema, parameters, found.Flow.Name);

    /// <summary>Defaults of a deployment: what is there must be right, what is missing comes with the run.</summary>
    /// <exception cref="CommandException">All mistakes, in one line.</exception>
    public static JsonElement Defaults(FoundFlow found, JsonObject parameters)
    {
        var lenient = JsonObject.Create(found.Flow.ParameterSchema) ?? [];
        _ = lenient.Remove("required");
        return Checked(JsonElement.Parse(lenient.ToJsonString()), parameters, found.Flow.Name);
    }

    /// <summary>The parameters of a schedule's runs, its own over the deployment's: nobody is there to give what is missing.</summary>
    /// <exception cref="CommandException">All mistakes, in one line.</exception>
    public static void Scheduled(FoundFlow found, string deployment, JsonObject parameters, JsonElement? own)
    {
        var all = (JsonObject)parameters.DeepClone();
        foreach (var (name, value) in own is { } given ? JsonObject.Create(given) ?? [] : [])
            all[name] = value?.DeepClone();
        var mistakes = ParameterSchema.Validate(found.Flow.ParameterSchema, JsonElement.Parse(all.ToJsonString()));
        if (mistakes.Count > 0)
            throw CommandException.BadInput($"deployment '{deployment}' has a schedule, whose runs get no other parameters than these (-p key=value): {string.Join("; ", mistakes)}");
    }

    static JsonElement Checked(JsonElement schema, JsonObject parameters, string flow)
    {
        var element = JsonElement.Parse(parameters.ToJsonString());
        var mistakes = ParameterSchema.Validate(schema, element);
        return mistakes.Count == 0 ? element : throw CommandException.BadInput($"flow '{flow}': {string.Join("; ", mistakes)}");
    }
}
