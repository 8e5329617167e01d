using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Flows;
using Holoflow.Persistence;
using Holoflow.ReadModel.Definitions;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Flows.</summary>
sealed class FlowRoutes(Database database)
{
    readonly FlowLists _flows = new(database);

    public void Map(RouteTable routes) => routes.Get("/api/flows", new ApiRoute("Lists flows by name", typeof(Page<FlowRow>))
    {
        Query =
        [
            new("text", "A part of the name"),
            new("limit", "Rows a page, 1 to 200", QueryType.Number),
            new("cursor", "Where to go on: 'next' of the page before"),
        ],
    }, List);

    async Task List(HttpContext http)
    {
        var query = new QueryReader(http);
        var text = query.Text("text");
        var limit = query.Number("limit", 1, 200, 50);
        var cursor = query.Text("cursor", 1000);
        query.Errors.ThrowIfAny();
        var list = PageCursors.ListOf(http.Request);
        var rows = await _flows.Page(text, Cursor.Read(list, cursor), limit, http.RequestAborted);
        var shown = rows.Take(limit).Select(f => f.ToRow()).ToList();
        await Answers.Json(http, new Page<FlowRow>(shown, rows.Count > limit ? Cursor.Write(list, shown[^1].Name) : null), ApiJson.Default.PageFlowRow);
    }
}
