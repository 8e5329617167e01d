using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Allocations;
using Holoflow.Persistence;
using Holoflow.ReadModel.Allocations;
using Holoflow.ReadModel.FlowRuns;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>The Slurm jobs of flow runs.</summary>
sealed class AllocationRoutes(Database database)
{
    readonly RunAllocations _allocations = new(database);
    readonly FlowRunDetails _runs = new(database);

    public void Map(RouteTable routes) =>
        routes.Get("/api/flow-runs/{id}/allocations", new ApiRoute("A flow run's Slurm jobs: those that it asked for, and the one that it is", typeof(IReadOnlyList<AllocationRow>)), List);

    async Task List(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var id = Ids.FromPath(http);
        _ = await _runs.Find(id, http.RequestAborted) ?? throw FlowRunReadRoutes.NoRun(id);
        var allocations = await _allocations.Of(id, http.RequestAborted);
        var tasks = await _allocations.TasksOf(id, http.RequestAborted);
        await Answers.Json(http, [.. allocations.Select(a => a.ToRow(tasks[(a.Key, a.ArrayIndex)]))], ApiJson.Default.IReadOnlyListAllocationRow);
    }
}
