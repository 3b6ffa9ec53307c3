package nn

// PyTorch keeps images channel by channel, and the kernel of a convolution as
// filters × channels × height × width. Here the channels of a pixel lie next to
// each other, in images and in kernels.

// image is the shape of the images that lie, flattened, before layer l, if there
// are any.
func (n *Network) image(l int) (height, width, channels int, ok bool) {
	for l--; l >= 0; l-- {
		switch ly := n.layers[l]; {
		case ly.Window != Window{}:
			height, width, channels = ly.Window.Out()
			return height, width, channels, true
		case ly.Kind == Dense:
			return 0, 0, 0, false
		}
	}
	return 0, 0, 0, false
}

// torchShape is the shape of layer l's weights in a state dict of PyTorch.
func (n *Network) torchShape(l int) []int {
	if w := n.layers[l].Window; n.layers[l].Kind == Conv {
		return []int{w.Filters, w.Channels, w.Size, w.Size}
	}
	g := n.Weight(l)
	return []int{g.Rows, g.Cols}
}

// fromTorch brings layer l's weights, in the order of PyTorch, into that of here:
// the columns of a convolution, and of a dense layer that reads flattened images.
func (n *Network) fromTorch(l int, weights []float64) {
	height, width, channels := 0, 0, 0
	if w := n.layers[l].Window; n.layers[l].Kind == Conv {
		height, width, channels = w.Size, w.Size, w.Channels
	} else {
		var ok bool
		if height, width, channels, ok = n.image(l); !ok {
			return
		}
	}
	pixels, cols := height*width, height*width*channels
	row := make([]float64, cols)
	for at := 0; at < len(weights); at += cols {
		copy(row, weights[at:at+cols])
		for c := range channels {
			for p := range pixels {
				weights[at+p*channels+c] = row[c*pixels+p]
			}
		}
	}
}
