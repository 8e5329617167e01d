using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Persistence;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Scheduling;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Why a run is where it is: the whole chain of what holds it back.</summary>
sealed class WhyRoutes(Database database, TimeProvider time)
{
    readonly FlowRunDetails _runs = new(database);

    public void Map(RouteTable routes) => routes.Get("/api/flow-runs/{id}/why", new ApiRoute("Why a flow run waits: the whole chain, the nearest cause first", typeof(WhyAnswer)), Why);

    async Task Why(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var (id, now) = (Ids.FromPath(http), time.GetUtcNow());
        var run = await _runs.Find(id, http.RequestAborted) ?? throw FlowRunReadRoutes.NoRun(id);
        var facts = await WaitFacts.Read(database, id, now, http.RequestAborted) ?? throw FlowRunReadRoutes.NoRun(id);
        var reasons = WaitReasons.Explain(facts, now);
        await Answers.Json(http, new WhyAnswer(id, run.ToRow().State, [.. reasons.Select(r => ToReason(r, facts))]), ApiJson.Default.WhyAnswer);
    }

    internal static WhyReason ToReason(WaitReason reason, WaitFacts facts) =>
        new(reason.Kind.ToString(), reason.Text, reason.Kind == WaitKind.NotDue ? facts.DueAt : null);
}
