using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Agents;
using Holoflow.Persistence;
using Holoflow.ReadModel.Agents;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Agents, as they last told of themselves.</summary>
sealed class AgentRoutes(Database database, TimeProvider time)
{
    readonly AgentLists _agents = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/agents", new ApiRoute("Lists agents, those on line first", typeof(IReadOnlyList<AgentRow>)), List);
        routes.Get("/api/agents/{id}", new ApiRoute("An agent", typeof(AgentRow)), Get);
    }

    async Task List(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var now = time.GetUtcNow();
        var agents = await _agents.All(http.RequestAborted);
        await Answers.Json(http, [.. agents.Select(a => a.ToRow(now)).OrderByDescending(a => a.Online)], ApiJson.Default.IReadOnlyListAgentRow);
    }

    async Task Get(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        var id = Ids.NameFromPath(http, "id");
        var agent = await _agents.Find(id, http.RequestAborted) ?? throw RefusedException.NotFound($"there is no agent '{Ids.Shown(id)}'");
        await Answers.Json(http, agent.ToRow(time.GetUtcNow()), ApiJson.Default.AgentRow);
    }
}
