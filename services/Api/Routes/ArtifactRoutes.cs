using Holoflow.Api.Artifacts;
using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Artifacts;
using Holoflow.Persistence;
using Holoflow.ReadModel.Artifacts;
using Holoflow.ReadModel.FlowRuns;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Holoflow.Api.Routes;

/// <summary>Artifacts of flow runs, and their files as downloads.</summary>
sealed class ArtifactRoutes(Database database, string? runsDirectory)
{
    /// <summary>Nested runs nest no deeper than a flow can sensibly call flows.</summary>
    const int DeepestNesting = 100;

    readonly RunArtifacts _artifacts = new(database);
    readonly FlowRunDetails _runs = new(database);
    readonly ArtifactFiles _files = new(runsDirectory);

    public void Map(RouteTable routes)
    {
        routes.Get(
            "/api/flow-runs/{id}/artifacts",
            new ApiRoute("A flow run's artifacts: of each key the newest, or all", typeof(IReadOnlyList<ArtifactRow>)) { Query = [new("history", "true: all", QueryType.Flag)] },
            List);
        routes.Get("/api/artifacts", new ApiRoute("Artifacts with a key over all runs, the newest first", typeof(Page<ArtifactOfRun>))
        {
            Query =
            [
                new("key", "An artifact's key; at least one", Repeats: true),
                new("flow", "Of runs of this flow"),
                new("limit", "Rows a page, 1 to 200", QueryType.Number),
                new("cursor", "Where to go on: 'next' of the page before"),
            ],
        }, ListOverRuns);
        routes.Get("/api/flow-runs/{id}/artifacts/{artifactId}/file", new ApiRoute("The file of an artifact") { ContentType = "application/octet-stream" }, File);
    }

    async Task List(HttpContext http)
    {
        var query = new QueryReader(http);
        var history = query.Flag("history", false);
        query.Errors.ThrowIfAny();
        var id = Ids.FromPath(http);
        _ = await _runs.Find(id, http.RequestAborted) ?? throw FlowRunReadRoutes.NoRun(id);
        var artifacts = await _artifacts.Of(id, history, http.RequestAborted);
        await Answers.Json(http, [.. artifacts.Select(a => a.ToRow())], ApiJson.Default.IReadOnlyListArtifactRow);
    }

    async Task ListOverRuns(HttpContext http)
    {
        var query = new QueryReader(http);
        var keys = query.Texts("key", 20);
        var flow = query.Text("flow");
        var limit = query.Number("limit", 1, 200, 50);
        var cursor = query.Text("cursor", 1000);
        if (keys.Count == 0)
            query.Errors.Add("key", "is missing: name the artifacts' key");
        query.Errors.ThrowIfAny();
        var list = PageCursors.ListOf(http.Request);
        var after = PageCursors.RunKey(Cursor.Read(list, cursor)) is { } key ? (key.CreatedAt, key.Id) : default((DateTimeOffset, Guid)?);
        var found = await _artifacts.WithKey(keys, flow, after, limit, http.RequestAborted);
        var shown = found.Take(limit).Select(a => new ArtifactOfRun(a.Artifact.ToRow(), a.FlowName, a.RunName)).ToList();
        var next = found.Count > limit ? Cursor.Write(list, PageCursors.Write(new FlowRunKey(shown[^1].Artifact.CreatedAt, shown[^1].Artifact.Id))) : null;
        await Answers.Json(http, new Page<ArtifactOfRun>(shown, next), ApiJson.Default.PageArtifactOfRun);
    }

    async Task File(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var (id, artifactId) = (Ids.FromPath(http), Ids.FromPath(http, "artifactId"));
        var artifact = await _artifacts.Find(id, artifactId, http.RequestAborted)
            ?? throw RefusedException.NotFound($"flow run {id} has no artifact with the id {artifactId}");
        if (artifact.File is not { } name)
            throw RefusedException.NotFound($"artifact {artifactId} has no file");
        await using var file = _files.Open(await RootOf(id, http.RequestAborted), name)
            ?? throw RefusedException.NotFound($"the file of artifact {artifactId} is not on this server");
        var headers = http.Response.Headers;
        headers.ContentType = ContentTypes.Of(name);
        headers.ContentLength = file.Length;
        headers.ContentDisposition = Attachment(name);
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        await file.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    static string Attachment(string name)
    {
        var attachment = new ContentDispositionHeaderValue("attachment");
        attachment.SetHttpFileName(name);
        return attachment.ToString();
    }

    /// <summary>The run whose process made it: nested runs have no directory of their own.</summary>
    async Task<Guid> RootOf(Guid id, CancellationToken cancellation)
    {
        for (var depth = 0; depth < DeepestNesting && (await _runs.Find(id, cancellation))?.ParentRunId is { } parent; depth++)
            id = parent;
        return id;
    }
}
