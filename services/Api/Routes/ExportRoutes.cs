using Holoflow.Api.Artifacts;
using Holoflow.Api.Edge;
using Holoflow.Api.Exports;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.ReadModel.Exports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Holoflow.Api.Routes;

/// <summary>One run as a file, and back.</summary>
sealed class ExportRoutes(Database database, IMessageBus bus, string? runsDirectory)
{
    readonly ArtifactFiles _files = new(runsDirectory);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/flow-runs/{id}/export", new ApiRoute("An ended flow run with all that belongs to it, as a gzipped tar") { ContentType = RunArchive.MediaType }, Export);
        routes.Map(HttpMethods.Post, "/api/flow-runs/import", new ApiRoute("Takes in a flow run that was exported: the body is the gzipped tar", typeof(CommandResult)), Import);
    }

    async Task Export(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var id = Ids.FromPath(http);
        await using var rows = await RunRows.Open(database, id, http.RequestAborted) ?? throw FlowRunReadRoutes.NoRun(id);
        if (rows.ParentRunId is { } parent)
            throw RefusedException.Conflict($"flow run '{rows.Name}' is part of flow run {parent}: export that one");
        if (rows.StateType is not ("Completed" or "Failed" or "Crashed" or "Cancelled"))
            throw RefusedException.Conflict($"flow run '{rows.Name}' is {rows.StateName}: only a run that has ended can be exported");
        var headers = http.Response.Headers;
        headers.ContentType = RunArchive.MediaType;
        var attachment = new ContentDispositionHeaderValue("attachment");
        attachment.SetHttpFileName($"{rows.Name}.tar.gz");
        headers.ContentDisposition = attachment.ToString();
        await RunArchiveWriter.Write(rows, name => _files.Open(id, name), http.Response.Body, http.RequestAborted);
    }

    async Task Import(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        if (http.Request.ContentType?.Split(';')[0].Trim() is not (RunArchive.MediaType or "application/x-gzip"))
            throw RefusedException.Of(415, "Unsupported media type", $"send the archive as {RunArchive.MediaType}");
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        // Read twice, so kept once: where everything can be refused before anything is done.
        await using var spool = new FileStream(Path.Combine(Path.GetTempPath(), $"holoflow-import-{Guid.CreateVersion7():N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await http.Request.Body.CopyToAsync(spool, http.RequestAborted);
        var archive = new RunArchiveReader(spool);
        try
        {
            await archive.Verify(http.RequestAborted);
        }
        catch (ArchiveRefusedException e)
        {
            throw RefusedException.Of(422, "Not valid", $"the archive is refused: {e.Message}");
        }

        var answered = await new RunImport(bus, database, _files).Import(archive, http.RequestAborted);
        if (answered.Outcome is CommandOutcome.Refused or CommandOutcome.NotFound)
            throw RefusedException.Conflict(answered.Reason ?? "the state store refused it");
        await Answers.Json(http, new CommandResult(answered.Outcome == CommandOutcome.Accepted, answered.Reason, archive.Begin.Runs[0], answered.Version), ApiJson.Default.CommandResult);
    }
}
