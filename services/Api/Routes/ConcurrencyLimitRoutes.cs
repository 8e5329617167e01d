using Holoflow.Api.Edge;
using Holoflow.Api.Requests;
using Holoflow.Api.Writes;
using Holoflow.ApiModel;
using Holoflow.ApiModel.ConcurrencyLimits;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.ReadModel.Definitions;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>The limits of tags.</summary>
sealed class ConcurrencyLimitRoutes(Database database, StateCommands commands)
{
    readonly ConcurrencyLimitLists _lists = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/concurrency-limits", new ApiRoute("Lists the concurrency limits of tags, with the runs that hold their slots", typeof(IReadOnlyList<ConcurrencyLimitRow>)), List);
        routes.Get("/api/concurrency-limits/{name}", new ApiRoute("The concurrency limit of a tag", typeof(ConcurrencyLimitRow)), Get);
        routes.Put(
            "/api/concurrency-limits/{name}",
            new ApiRoute<ApiModel.ConcurrencyLimits.SetConcurrencyLimit>("Creates or changes the concurrency limit of a tag", ApiJson.Default.SetConcurrencyLimit, typeof(CommandResult)),
            Set);
        routes.Delete(
            "/api/concurrency-limits/{name}",
            new ApiRoute("Removes the concurrency limit of a tag", typeof(CommandResult)),
            http => commands.Send(new DeleteConcurrencyLimit(Ids.NameFromPath(http, "name"))));
    }

    async Task List(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        await Answers.Json(http, [.. (await _lists.All(http.RequestAborted)).Select(ToRow)], ApiJson.Default.IReadOnlyListConcurrencyLimitRow);
    }

    async Task Get(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var tag = Ids.NameFromPath(http, "name");
        var limit = await _lists.Find(tag, http.RequestAborted) ?? throw RefusedException.NotFound($"there is no concurrency limit of tag '{Ids.Shown(tag)}'");
        await Answers.Json(http, ToRow(limit), ApiJson.Default.ConcurrencyLimitRow);
    }

    Task<RecordedAnswer> Set(Call<ApiModel.ConcurrencyLimits.SetConcurrencyLimit> call)
    {
        var tag = Ids.NameFromPath(call.Http, "name");
        var errors = new FieldErrors();
        NameRules.CheckName(errors, "name", tag);
        if (call.Body.Slots < 0)
            errors.Add("slots", "must be 0 or more");
        errors.ThrowIfAny();
        return commands.Send(new Contracts.SetConcurrencyLimit(tag, call.Body.Slots), answered => answered.Version == 1);
    }

    static ConcurrencyLimitRow ToRow(ConcurrencyLimitWithHolders stored) => new()
    {
        Tag = stored.Limit.Name,
        Slots = stored.Limit.Slots,
        Holders = [.. stored.Holding.Select(h => new SlotHolder(h.Id, h.Name, h.Agent, h.Since) { TaskRunId = h.TaskId, TaskRunName = h.TaskName })],
        Waiting = stored.Waiting,
        CreatedAt = stored.Limit.CreatedAt,
        UpdatedAt = stored.Limit.UpdatedAt,
        Revision = stored.Limit.Revision,
    };
}
