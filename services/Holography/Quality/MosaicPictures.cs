using Holoflow.Holography.Pictures;
using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Products;

namespace Holoflow.HolographyFlow.Quality;

/// <summary>Pictures of all beams together on the sky, in up to 16 channels: sensitivity, Stokes I, and the leakages.</summary>
static class MosaicPictures
{
    public const int Count = 5;
    const int Columns = 4;
    const double LeakageScale = 0.05;

    public static IEnumerable<(string Name, string Title, Figure Figure)> Draw(ReductionPlan plan, MergedBeams merged, int[] channels, string label)
    {
        var mosaics = channels.Select(channel => (Channel: channel, Mosaic: SkyMosaic.Of(plan, merged, channel))).ToArray();
        var top = mosaics.Max(m => m.Mosaic.Footprint.Values.ToArray().Max());
        var sensitivity = new ColourScale(ColourMap.Viridis, 0, Math.Ceiling(top * 10) / 10, "sqrt(sum I^2)");
        yield return ("sensitivity", "Sensitivity of the footprint, with the 0.5 contour", Figure("Sensitivity of the footprint, with the 0.5 contour", m => m.Footprint, sensitivity, contour: true));
        yield return ("stokes-i", "Stokes I of the best beam", Figure("Stokes I of the best beam", m => m.Planes[0], new ColourScale(ColourMap.Viridis, 0, 1, "Stokes I, centre = 1"), contour: false));
        for (var stokes = 1; stokes < 4; stokes++)
        {
            var (s, name) = (stokes, "iquv"[stokes]);
            var title = $"Stokes {char.ToUpperInvariant(name)} leakage, fraction of I";
            yield return ($"stokes-{name}", title, Figure(title, m => m.Planes[s], new ColourScale(ColourMap.Diverging, -LeakageScale, LeakageScale, $"{char.ToUpperInvariant(name)}/I"), contour: false));
        }

        Figure Figure(string title, Func<SkyMosaic, Grid> plane, ColourScale scale, bool contour)
        {
            var figure = new Figure($"{label}: {title}", Columns) { PanelWidth = 330, PanelHeight = 290 };
            foreach (var (channel, mosaic) in mosaics)
            {
                var grid = plane(mosaic);
                var panel = new Panel(grid.AxisX("degrees East"), grid.AxisY("degrees North")) { Title = $"{plan.FrequenciesHz[channel] / 1e6:0.0} MHz", HasEqualUnits = true }.Add(new HeatMap(grid, scale));
                figure.Add(contour ? panel.Add(new Contours(grid, 0.5)) : panel);
            }
            return figure;
        }
    }
}
