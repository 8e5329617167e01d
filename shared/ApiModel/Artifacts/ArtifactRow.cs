using System.Text.Json;

namespace Holoflow.ApiModel.Artifacts;

/// <summary>Something that a flow shows to people.</summary>
public sealed record ArtifactRow
{
    public required Guid Id { get; init; }

    public required Guid FlowRunId { get; init; }

    public Guid? TaskRunId { get; init; }

    /// <summary>A newer artifact of the run with the same key replaces this one.</summary>
    public required string Key { get; init; }

    /// <summary>markdown, table, link, image or progress.</summary>
    public required string Type { get; init; }

    public string? Title { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The content: markdown text, an array of row objects, a link's URL, a progress fraction.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The file's name, where there is a file to be fetched from <c>/api/flow-runs/{id}/artifacts/{artifactId}/file</c>.</summary>
    public string? FileName { get; init; }
}
