using Holoflow.Holography.Fits;
using Holoflow.HolographyFlow.Admission;

namespace Holoflow.HolographyFlow.Products;

/// <summary>
/// H15: reopens the products as the mosaicking program will and checks what it relies on: axes by name and place, geometry against the footprint and raster,
/// every beam in its place, I = 1 at the centre, no value missing from a beam that is there, checksums. HOLOGRAPHY sections 4 and 6.
/// </summary>
static class ProductVerification
{
    const double GeometryTolerance = 1e-12, CentreTolerance = 1e-4, SplineCentreTolerance = 0.02;
    static readonly string[] CubeAxes = ["RA---SIN", "DEC--SIN", "FREQ", "STOKES", "BEAM"];
    static readonly string[] TaylorAxes = ["RA---SIN", "DEC--SIN", "FREQ", "TAYLOR", "STOKES", "BEAM"];

    /// <summary>Everything that is wrong with a cube; nothing where it may be installed.</summary>
    public static IReadOnlyList<string> CheckCube(string path, ReductionPlan plan, MergedBeams merged)
    {
        using var file = FitsReader.Open(path);
        var cube = file.Units[0];
        List<string> problems = [.. Axes(file, CubeAxes), .. Geometry(file, plan), .. file.VerifyChecksums()];
        var image = ProductHeader.Image(plan);
        if (!cube.Shape.SequenceEqual(PrimaryBeamHeader.CubeShape(image)))
            problems.Add($"{path}: its shape is {string.Join(" x ", cube.Shape)}; {string.Join(" x ", PrimaryBeamHeader.CubeShape(image))} would be right");
        return problems.Count > 0 ? problems : [.. merged.Slots.SelectMany(slot => Beam(file, plan, slot))];
    }

    /// <summary>Everything that is wrong with a Taylor image.</summary>
    public static IReadOnlyList<string> CheckTaylor(string path, ReductionPlan plan, MergedBeams merged)
    {
        using var file = FitsReader.Open(path);
        List<string> problems = [.. Axes(file, TaylorAxes), .. Geometry(file, plan), .. file.VerifyChecksums()];
        var shape = PrimaryBeamHeader.TaylorShape(ProductHeader.Image(plan), plan.Parameters.TaylorTerms);
        if (!file.Units[0].Shape.SequenceEqual(shape))
            problems.Add($"{path}: its shape is {string.Join(" x ", file.Units[0].Shape)}; {string.Join(" x ", shape)} would be right");
        if (problems.Count > 0)
            return problems;
        var plane = new float[plan.Grid(0).Count];
        foreach (var slot in merged.Slots)
        {
            file.Units[0].ReadImage(slot.Beam * 4L * plan.Parameters.TaylorTerms * plane.Length, plane);
            if (float.IsNaN(plane[plane.Length / 2]) != slot.Cleaned is null)
                problems.Add($"{path}: beam {slot.Beam} is {(slot.Cleaned is null ? "missing and has values" : "there and has none")}");
        }
        return problems;
    }

    static IEnumerable<string> Axes(FitsReader file, string[] expected)
    {
        var header = file.Units[0].Header;
        for (var axis = 1; axis <= expected.Length; axis++)
        {
            if (header.Find($"CTYPE{axis}") as string is var found && found != expected[axis - 1])
                yield return $"{file.Path}: CTYPE{axis} is {found ?? "missing"}; linmos needs {expected[axis - 1]} there";
        }
    }

    static IEnumerable<string> Geometry(FitsReader file, ReductionPlan plan)
    {
        var (header, k) = (file.Units[0].Header, plan.Parameters.OutputPixels);
        // From the raster and the offsets themselves (HOLOGRAPHY eq. 15), not by the code that wrote the header.
        var half = (Math.Min(plan.Manifest.RasterColumns, plan.Manifest.RasterRows) - 1) / 2.0 * plan.Manifest.RasterStepDegrees;
        var size = (half - plan.BeamOffsetsDegrees.Max(o => Math.Max(Math.Abs(o[0]), Math.Abs(o[1])))) / ((k - 1) / 2.0);
        foreach (var (card, right) in new[] { ("CDELT1", -size), ("CDELT2", size), ("CRPIX1", (k + 1) / 2.0), ("CRPIX2", (k + 1) / 2.0), ("CRVAL1", 0), ("CRVAL2", 0) })
        {
            if (Math.Abs(header.GetDouble(card) - right) > GeometryTolerance)
                yield return $"{file.Path}: {card} is {header.GetDouble(card):R}; {right:R} would be right";
        }
    }

    static IEnumerable<string> Beam(FitsReader file, ReductionPlan plan, BeamSlot slot)
    {
        var grid = plan.Grid(slot.Beam);
        var channels = plan.FrequenciesHz.Length;
        var (product, original) = (new float[channels * grid.Count], new float[channels * grid.Count]);
        using var source = slot.Cleaned is null ? null : FitsReader.Open(slot.Cleaned);
        var missing = 0L;
        for (var stokes = 0; stokes < 4; stokes++)
        {
            file.Units[0].ReadImage(((slot.Beam * 4L) + stokes) * product.Length, product);
            missing += product.LongCount(float.IsNaN);
            source?.Units[0].ReadImage((long)stokes * original.Length, original);
            if (source is not null && !product.AsSpan().SequenceEqual(original))
                yield return $"{file.Path}: the planes of Stokes {"IQUV"[stokes]} at place {slot.Beam} are not those of beam {slot.Beam}";
            if (stokes == 0 && source is not null && Centre(product, grid.Count, channels) is var worst && !(worst <= Tolerance(plan)))
                yield return $"{file.Path}: I at the centre of beam {slot.Beam} is off 1 by {worst:0.######}";
        }
        if (source is null ? missing < 4L * product.Length : missing == 4L * product.Length)
            yield return $"{file.Path}: beam {slot.Beam} is {(source is null ? "missing and has values" : "there and has none")}";
    }

    static double Tolerance(ReductionPlan plan) => plan.Parameters.Regrid == "power-spline" ? SplineCentreTolerance : CentreTolerance;

    static double Centre(float[] intensity, int pixels, int channels) => Enumerable.Range(0, channels).Max(c => Math.Abs(intensity[(c * pixels) + (pixels / 2)] - 1.0));
}
