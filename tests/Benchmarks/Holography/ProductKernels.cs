using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using Holoflow.Holography.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Single;

namespace Holoflow.HolographyBenchmarks;

/// <summary>The matrix product of one block of one antenna (10,201 x 225 by 225 x 128, single precision) by the kernels that were tried; one thread.</summary>
static class ProductKernels
{
    const int Rows = 10_201;
    const int Depth = 225;
    const int Columns = 128;

    public static int Run()
    {
        float[] w = new float[Rows * Depth], x = new float[Depth * Columns];
        var random = new Random(1);
        for (var k = 0; k < w.Length; k++) w[k] = random.NextSingle();
        for (var k = 0; k < x.Length; k++) x[k] = random.NextSingle();
        Console.WriteLine($"AVX-512 {Vector512.IsHardwareAccelerated}, Vector<float> of {Vector<float>.Count}");
        var strips = Pack(w);
        var panels = PackPanels(x);
        var c = new float[(PanelProduct.Strips(Rows) * PanelProduct.StripRows) * Columns];
        Measure("packed panels, 12 x 2 registers (used)", 20, () => Panels(strips, panels, c));
        Measure("row times matrix, Vector<float>", 5, () => RowByRow(w, x, c));
        Measure("scalar", 2, () => Scalar(w, x, c));
        MathNet.Numerics.Control.UseManaged();
        MathNet.Numerics.Control.UseSingleThread();
        var (left, right) = (new DenseMatrix(Rows, Depth, w), new DenseMatrix(Depth, Columns, x));
        Measure("MathNet 5, managed provider", 2, () => left.Multiply(right));
        return 0;
    }

    static void Measure(string name, int repeats, Action action)
    {
        action();
        var best = double.PositiveInfinity;
        for (var k = 0; k < repeats; k++)
        {
            var before = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds);
        }

        Console.WriteLine($"{name,-42} {best * 1e3,9:0.0} ms {2.0 * Rows * Depth * Columns / best / 1e9,8:0.0} Gflop/s");
    }

    static void Panels(float[] strips, float[] panels, float[] c)
    {
        const int rows = PanelProduct.StripRows;
        var columns = PanelProduct.PanelColumns<float>();
        for (var s = 0; s < PanelProduct.Strips(Rows); s++)
        {
            for (var p = 0; p < Columns / columns; p++)
                PanelProduct.Multiply<float>(strips.AsSpan(s * Depth * rows), panels.AsSpan(p * Depth * columns), c.AsSpan((s * rows * Columns) + (p * columns)), Depth, Columns);
        }
    }

    static void RowByRow(float[] w, float[] x, float[] c)
    {
        for (var r = 0; r < Rows; r++)
        {
            var to = c.AsSpan(r * Columns, Columns);
            to.Clear();
            for (var k = 0; k < Depth; k++)
            {
                var weight = new Vector<float>(w[(r * Depth) + k]);
                for (var j = 0; j < Columns; j += Vector<float>.Count)
                    (new Vector<float>(to[j..]) + (weight * new Vector<float>(x, (k * Columns) + j))).CopyTo(to[j..]);
            }
        }
    }

    static void Scalar(float[] w, float[] x, float[] c)
    {
        for (var r = 0; r < Rows; r++)
        {
            for (var j = 0; j < Columns; j++)
            {
                var sum = 0f;
                for (var k = 0; k < Depth; k++) sum += w[(r * Depth) + k] * x[(k * Columns) + j];
                c[(r * Columns) + j] = sum;
            }
        }
    }

    static float[] Pack(float[] w)
    {
        var packed = new float[PanelProduct.Strips(Rows) * Depth * PanelProduct.StripRows];
        for (var r = 0; r < Rows; r++)
        {
            for (var k = 0; k < Depth; k++) packed[((((r / 12) * Depth) + k) * 12) + (r % 12)] = w[(r * Depth) + k];
        }

        return packed;
    }

    static float[] PackPanels(float[] x)
    {
        var panels = new float[x.Length];
        for (var k = 0; k < Depth; k++)
        {
            for (var j = 0; j < Columns; j++) panels[((((j / 32) * Depth) + k) * 32) + (j % 32)] = x[(k * Columns) + j];
        }

        return panels;
    }
}
