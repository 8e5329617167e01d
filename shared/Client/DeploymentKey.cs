using Holoflow.Client.Transport;

namespace Holoflow.Client;

/// <summary>Which deployment is meant: an id, or <c>FLOW/NAME</c>.</summary>
public readonly record struct DeploymentKey
{
    readonly Guid? _id;
    readonly (string Flow, string Name) _names;

    public DeploymentKey(Guid id) => _id = id;

    public DeploymentKey(string flow, string name) => _names = (flow, name);

    public static implicit operator DeploymentKey(Guid id) => new(id);

    /// <summary>Reads an id or <c>FLOW/NAME</c>.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static DeploymentKey Parse(string text)
    {
        if (Guid.TryParse(text, out var id))
            return new DeploymentKey(id);
        return text.Split('/') is [{ Length: > 0 } flow, { Length: > 0 } name]
            ? new DeploymentKey(flow, name)
            : throw new FormatException($"'{text}' names no deployment: write FLOW/NAME or a deployment's id");
    }

    public override string ToString() => _id?.ToString() ?? $"{_names.Flow}/{_names.Name}";

    internal string Path => "api/deployments/" + (_id?.ToString() ?? $"{Query.Segment(_names.Flow)}/{Query.Segment(_names.Name)}");
}
